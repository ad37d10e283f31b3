import { type ListedDataset, listDatasets } from "../api/datasets.js";
import { listModels, type ServedModel } from "../api/models.js";
import {
  type DatasetSummary,
  type Distributions,
  type ListedSample,
  predictSample,
  readDistributions,
  readSamples,
  readSummary,
  type SamplePage,
  type SplitName,
  type StoredPrediction,
} from "../api/samples.js";
import { type Clip, clipOfSample } from "../label/clip.js";
import { LabelState } from "../label/label-state.svelte.js";
import { here } from "../shell/here.svelte.js";
import { type ShownError, shownError } from "../ui/shown-error.js";

/** Samples on one page. */
export const PAGE = 20;
/** Samples in a queue to label. */
const QUEUE = 100;

/** Selection of the samples that are shown. Empty texts do not filter. */
export interface Filter {
  readonly search: string;
  readonly least: string;
  readonly most: string;
  readonly label: string;
  readonly missing: string;
  /** Code of a quality problem. */
  readonly problem: string;
  /** Modality that the model doubts, or "any". */
  readonly doubted: string;
  /** "true": only marked samples. */
  readonly flagged: string;
  /** "uncertain": the samples that the model is most uncertain about first. */
  readonly order: string;
}

export const EVERYTHING: Filter = {
  search: "",
  least: "",
  most: "",
  label: "",
  missing: "",
  problem: "",
  doubted: "",
  flagged: "",
  order: "",
};

/** State of the Data room: the data set that it shows, and the actions of its controls. */
export class DataState {
  datasets = $state.raw<readonly ListedDataset[]>([]);
  models = $state.raw<readonly ServedModel[]>([]);
  name = $state("");
  summary = $state.raw<DatasetSummary | undefined>();
  distributions = $state.raw<Distributions | undefined>();
  split = $state<SplitName>("test");
  filter = $state.raw<Filter>(EVERYTHING);
  from = $state(0);
  page = $state.raw<SamplePage | undefined>();
  model = $state("");
  /** Predictions of the samples that were scored here, by split and row. */
  predictions = $state.raw<ReadonlyMap<string, StoredPrediction["prediction"]>>(new Map());
  isReady = $state(false);
  isPredicting = $state(false);
  /** True while the server reads samples. It scores a whole split at the first question about a model. */
  isReading = $state(false);
  /** True if the page has the uncertainty of the model. */
  isSurveyed = $state(false);
  /** Sample that is shown in a dialog. */
  shown = $state.raw<ListedSample | undefined>();
  /** People's labels and marks. */
  readonly labels = new LabelState();
  error = $state.raw<ShownError | undefined>();

  async start(): Promise<void> {
    await this.trying(async () => {
      [this.datasets, this.models] = await Promise.all([listDatasets(), listModels()]);
    });
    const [wanted] = here.parts;
    const first = this.datasets.find(({ name }) => name === wanted) ?? this.datasets[0];
    if (first) await this.choose(first.name);
    this.isReady = true;
  }

  async choose(name: string): Promise<void> {
    this.name = name;
    here.replaceParts([name]);
    this.predictions = new Map();
    await this.trying(async () => {
      const [summary, distributions] = await Promise.all([readSummary(name), readDistributions(name)]);
      if (name !== this.name) return; // another was chosen meanwhile
      await this.labels.open(name);
      if (name !== this.name) return;
      this.summary = summary;
      this.model = this.modelFor(summary);
      this.distributions = distributions;
      this.filter = EVERYTHING;
      this.from = 0;
      await this.readPage();
    });
    if (name !== this.name || this.error === undefined) return;
    this.summary = undefined; // nothing of the previous data set stays under the name of this one
    this.distributions = undefined;
    this.page = undefined;
  }

  async show(change: {
    readonly split?: SplitName;
    readonly filter?: Filter;
    readonly from?: number;
  }): Promise<void> {
    this.split = change.split ?? this.split;
    this.filter = change.filter ?? this.filter;
    this.from = change.from ?? 0;
    await this.trying(() => this.readPage());
  }

  /** Chooses the model for predictions, and for the order and the filter by its uncertainty. */
  async chooseModel(model: string): Promise<void> {
    this.model = model;
    if (this.asksModel) await this.show({});
  }

  /** True if the model decides about the list. */
  get asksModel(): boolean {
    return this.model !== "" && (this.filter.order !== "" || this.filter.doubted !== "");
  }

  /** Reads the samples of the list that the person has not labelled. */
  async readUnlabelled(): Promise<readonly Clip[]> {
    const { person, modality } = this.labels;
    const query = { unlabelledBy: person, unlabelledFor: modality, limit: QUEUE };
    const { samples } = await readSamples(this.name, { ...this.query(), ...query });
    return samples.map((sample) => clipOfSample(this.name, this.split, sample));
  }

  /** Reads the page again, for example after a sample was marked. */
  async refresh(): Promise<void> {
    await this.trying(() => this.readPage());
  }

  /** Returns the name of a sample in the store. */
  keyInStore({ id }: ListedSample): string {
    return `${this.split}/${id}`;
  }

  keyOf({ row }: ListedSample): string {
    return `${this.split}/${String(row)}`;
  }

  async predict(sample: ListedSample): Promise<void> {
    const { name } = this;
    const key = this.keyOf(sample);
    await this.trying(async () => {
      const prediction = await predictSample(name, { ...sample, split: this.split }, this.model);
      if (name !== this.name) return; // its rows are of another data set
      this.predictions = new Map([...this.predictions, [key, prediction]]);
    });
  }

  /** Predicts the samples of the page that have no prediction yet, one after the other. */
  async predictPage(): Promise<void> {
    const { page } = this;
    this.isPredicting = true;
    for (const sample of page?.samples ?? []) {
      if (page !== this.page) break; // others are shown meanwhile
      if (!this.predictions.has(this.keyOf(sample))) await this.predict(sample);
      if (this.error) break;
    }
    this.isPredicting = false;
  }

  /** Returns the chosen model if it reads the inputs of a data set, else the first that does, else any. */
  private modelFor({ modalities }: DatasetSummary): string {
    const reads = ({ inputs }: ServedModel): boolean =>
      inputs.every(({ name, width }) =>
        modalities.some((modality) => modality.name === name && modality.width === width),
      );
    const fitting = this.models.filter(reads);
    return (fitting.find(({ name }) => name === this.model) ?? fitting[0] ?? this.models[0])?.name ?? "";
  }

  /** Parameters of the list. */
  private query(): Readonly<Record<string, string | number>> {
    const { split, filter, model, asksModel } = this;
    const { order, doubted, ...others } = filter;
    return { split, ...others, ...(asksModel && { model, order, doubted }) };
  }

  private async readPage(): Promise<void> {
    const { name, split, from, filter, model, asksModel } = this;
    this.isReading = true;
    try {
      const page = await readSamples(name, { ...this.query(), from, limit: PAGE });
      const isSameList = name === this.name && filter === this.filter && split === this.split;
      if (!isSameList || from !== this.from || model !== this.model) return; // another page is read
      this.page = page;
      this.isSurveyed = asksModel;
    } finally {
      this.isReading = false;
    }
  }

  /** Runs work, and shows its error unless another data set was chosen meanwhile. */
  private async trying(work: () => Promise<void>): Promise<void> {
    const { name } = this;
    try {
      await work();
      if (name === this.name) this.error = undefined;
    } catch (error) {
      if (name === this.name) this.error = shownError(error);
    }
  }
}
