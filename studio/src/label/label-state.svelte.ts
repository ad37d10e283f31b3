import {
  type Agreement,
  type Flag,
  type LabelValue,
  type PersonLabel,
  putFlag,
  putLabel,
  readAgreement,
  readFlags,
  readLabels,
  removeFlag,
} from "../api/labels.js";
import { type ShownError, shownError } from "../ui/shown-error.js";
import { type Clip, WHOLE } from "./clip.js";

const KEY = "euar-person";

/** People's labels and flags of one collection, and the queue of clips that a person labels. */
export class LabelState {
  person = $state(storedPerson());
  /** Modality that the person labels; "all" for the whole clip. */
  modality = $state(WHOLE);
  /** Name of a data set, or of clips that are in no data set. */
  collection = $state("");
  labels = $state.raw<readonly PersonLabel[]>([]);
  flags = $state.raw<readonly Flag[]>([]);
  agreement = $state.raw<readonly Agreement[]>([]);
  /** False if the server loses the labels at its end. */
  isKept = $state(true);
  error = $state.raw<ShownError | undefined>();

  clips = $state.raw<readonly Clip[]>([]);
  at = $state(0);
  clip = $derived(this.clips[this.at]);
  /** Label of the person for the clip that is shown. */
  own = $derived(this.labelOf(this.clip?.sample ?? ""));
  people = $derived([...new Set(this.labels.map(({ person }) => person))].sort());

  labelOf(sample: string): LabelValue | undefined {
    const found = this.labels.find(
      (label) => label.sample === sample && label.person === this.person && label.modality === this.modality,
    );
    return found?.label as LabelValue | undefined; // checked by the server
  }

  noteOf(sample: string): string | undefined {
    return this.flags.find((flag) => flag.sample === sample)?.note;
  }

  setPerson(person: string): void {
    this.person = person.trim();
    try {
      localStorage.setItem(KEY, this.person);
    } catch {
      // a browser without storage forgets the name
    }
  }

  /** Reads the labels of a collection, and ends the queue of another one. */
  async open(collection: string): Promise<void> {
    if (collection !== this.collection) this.start([]);
    this.collection = collection;
    await this.refresh();
  }

  start(clips: readonly Clip[]): void {
    this.clips = clips;
    this.at = 0;
  }

  /** Shows the clip that is a number of places further in the queue. */
  go(by: number): void {
    this.at = Math.max(0, Math.min(this.clips.length, this.at + by));
  }

  /** Stores the person's label of a sample. Returns true if it is stored. */
  store(sample: string, label: LabelValue): Promise<boolean> {
    const { person, modality } = this;
    return this.change(() => putLabel(this.collection, { sample, modality, person, label }));
  }

  flag(sample: string, note: string): Promise<boolean> {
    return this.change(() => putFlag(this.collection, { sample, note }));
  }

  unflag(sample: string): Promise<boolean> {
    return this.change(() => removeFlag(this.collection, sample));
  }

  showError(error: unknown): void {
    this.error = shownError(error);
  }

  private async change(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      await this.refresh();
      return this.error === undefined;
    } catch (error) {
      this.error = shownError(error);
      return false;
    }
  }

  private async refresh(): Promise<void> {
    const { collection } = this;
    if (collection === "") return;
    try {
      const [{ labels, kept }, flags, agreement] = await Promise.all([
        readLabels(collection),
        readFlags(collection),
        readAgreement(collection),
      ]);
      if (collection !== this.collection) return; // another one was opened meanwhile
      this.labels = labels;
      this.isKept = kept;
      this.flags = flags;
      this.agreement = agreement;
      this.error = undefined;
    } catch (error) {
      this.error = shownError(error);
    }
  }
}

function storedPerson(): string {
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}
