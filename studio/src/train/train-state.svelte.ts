import { trainCommand } from "../../../src/server/runs/train-command.js";
import { type ListedDataset, listDatasets } from "../api/datasets.js";
import {
  type Epoch,
  followRun,
  isActive,
  listRuns,
  readOptions,
  resumeRun,
  type Run,
  startRun,
  stopRun,
  type TrainOptions,
} from "../api/runs.js";
import { type ShownError, shownError } from "../ui/shown-error.js";
import { configOf, type OptionValues } from "./option-values.js";

/** Milliseconds between two reads of the list during a training. */
const LOOK = 2000;

/** Milliseconds for which epochs are gathered before a drawing. Small trainings send hundreds a second. */
const GATHERING = 250;

/** State and actions of the page Train. */
export class TrainState {
  datasets = $state.raw<readonly ListedDataset[]>([]);
  options = $state.raw<TrainOptions | undefined>();
  runs = $state.raw<readonly Run[]>([]);
  isReady = $state(false);
  isStarting = $state(false);
  error = $state.raw<ShownError | undefined>();

  name = $state("");
  data = $state("");
  modelName = $state("euar");
  preset = $state("");
  /** Options that differ from the preset, by dotted path. */
  values = $state.raw<OptionValues>({});

  /** Run whose curve is shown. */
  shownName = $state.raw<string | undefined>();
  epochs = $state.raw<readonly Epoch[]>([]);

  model = $derived(this.options?.models.find(({ name }) => name === this.modelName));
  presetValues = $derived(this.model?.presets.find(({ name }) => name === this.preset)?.values ?? {});
  shown = $derived(this.runs.find(({ name }) => name === this.shownName));
  /** Options as in a config file. */
  config = $derived({
    model: this.modelName,
    ...(this.preset === "" ? {} : { preset: this.preset }),
    ...configOf(this.values),
  });
  /** Equivalent command line. */
  command = $derived(
    trainCommand({
      data: this.datasets.find(({ name }) => name === this.data)?.path ?? this.data,
      out: `${this.options?.folder ?? "runs"}/${this.name}`,
      options: this.config,
    }),
  );

  /** Number of the latest question for the list of runs. */
  private asked = 0;
  /** Number of questions without an answer. */
  private waiting = 0;
  private stopFollowing: () => void = () => undefined;
  /** Epochs that arrived after the last drawing. */
  private gathered: Epoch[] = [];
  private drawing: ReturnType<typeof setTimeout> | undefined;
  private timer: ReturnType<typeof setInterval> | undefined;

  async start(): Promise<void> {
    await this.trying(async () => {
      const [datasets, options, runs] = await Promise.all([listDatasets(), readOptions(), listRuns()]);
      this.datasets = datasets;
      this.options = options;
      this.runs = runs;
      this.data = datasets[0]?.name ?? "";
      this.chooseModel(options.models[0]?.name ?? "");
      const latest = runs.find(isActive) ?? runs.at(-1);
      if (latest) this.show(latest.name);
    });
    this.isReady = true;
    this.timer = setInterval(() => {
      if (this.runs.some(isActive)) void this.trying(() => this.refresh());
    }, LOOK);
  }

  chooseModel(name: string): void {
    this.modelName = name;
    this.choosePreset("");
  }

  /** Chooses a preset, and drops the options that changed the previous one. */
  choosePreset(preset: string): void {
    this.preset = preset;
    this.values = {};
    this.name = freeName(preset === "" ? this.modelName : `${this.modelName}-${preset}`, this.runs);
  }

  /** Sets an option. Undefined returns to the default. */
  set(key: string, value: unknown): void {
    const others = Object.fromEntries(Object.entries(this.values).filter(([known]) => known !== key));
    this.values = value === undefined ? others : { ...others, [key]: value };
  }

  async train(): Promise<void> {
    this.isStarting = true;
    await this.trying(async () => {
      const run = await startRun({ name: this.name, data: this.data, options: this.config });
      await this.refresh();
      this.show(run.name);
      this.name = freeName(run.name.replace(/-\d+$/u, ""), this.runs);
    });
    this.isStarting = false;
  }

  async stop(name: string): Promise<void> {
    await this.trying(async () => {
      await stopRun(name);
      await this.refresh();
    });
  }

  async resume(name: string): Promise<void> {
    await this.trying(async () => {
      await resumeRun(name);
      await this.refresh();
      this.show(name);
    });
  }

  /** Shows the curve of a run, and follows it while it trains. */
  show(name: string): void {
    this.stopFollowing();
    this.draw();
    this.shownName = name;
    this.epochs = [];
    this.stopFollowing = followRun(name, {
      onEpoch: (epoch) => {
        this.gathered.push(epoch);
        this.drawing ??= setTimeout(() => {
          this.draw();
        }, GATHERING);
      },
      onRun: (run) => {
        this.draw();
        this.runs = this.runs.map((known) => (known.name === run.name ? run : known));
        if (this.waiting > 0) void this.trying(() => this.refresh()); // the awaited list may be older
      },
    });
  }

  close(): void {
    this.stopFollowing();
    clearInterval(this.timer);
    clearTimeout(this.drawing);
  }

  /** Adds the gathered epochs to the curves. */
  private draw(): void {
    clearTimeout(this.drawing);
    this.drawing = undefined;
    if (this.gathered.length === 0) return;
    this.epochs = withEpochs(this.epochs, this.gathered);
    this.gathered = [];
  }

  private async refresh(): Promise<void> {
    const turn = ++this.asked;
    this.waiting++;
    try {
      const runs = await listRuns();
      if (turn === this.asked) this.runs = runs; // an older answer may come after a newer one
    } finally {
      this.waiting--;
    }
  }

  private async trying(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.error = undefined;
    } catch (error) {
      this.error = shownError(error);
    }
  }
}

/** Adds epochs to a curve. After a broken connection, the server sends all epochs again. */
function withEpochs(known: readonly Epoch[], more: readonly Epoch[]): Epoch[] {
  const epochs = [...known];
  for (const next of more) {
    while ((epochs.at(-1)?.epoch ?? 0) >= next.epoch) epochs.pop();
    epochs.push(next);
  }
  return epochs;
}

/** Returns an unused name of a run: the given one, or the same with a number. */
function freeName(first: string, runs: readonly Run[]): string {
  const taken = new Set(runs.map(({ name }) => name));
  let name = first;
  for (let number = 2; taken.has(name); number++) name = `${first}-${number}`;
  return name;
}
