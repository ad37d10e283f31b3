import type { StoredComparison, StoredRow, StoredRun } from "../../../src/experiments/compare-stored.js";
import type { Task } from "../../../src/data/dataset.js";
import { type Epoch, isFinished, listRuns, readHistory, type Run } from "../api/runs.js";
import { readStoredRows } from "../api/stored-rows.js";
import { here } from "../shell/here.svelte.js";
import { type ShownError, shownError } from "../ui/shown-error.js";

/** Most runs that are compared at first. */
const FIRST = 4;

/** Everything that the Compare room shows, and what its controls do. */
export class CompareState {
  /** Finished runs. */
  runs = $state.raw<readonly Run[]>([]);
  chosen = $state.raw<readonly string[]>([]);
  /** Names in the address that no finished run has, for example of deleted runs. */
  absent = $state.raw<readonly string[]>([]);
  comparison = $state.raw<StoredComparison | undefined>();
  rows = $state.raw<ReadonlyMap<string, readonly StoredRow[]>>(new Map());
  histories = $state.raw<ReadonlyMap<string, readonly Epoch[]>>(new Map());
  isReady = $state(false);
  isComparing = $state(false);
  error = $state.raw<ShownError | undefined>();

  /** The chosen runs, the reference first. */
  shown = $derived(this.chosen.flatMap((name) => this.runs.find((run) => run.name === name) ?? []));

  private worker: Worker | undefined;

  async start(): Promise<void> {
    try {
      this.runs = (await listRuns()).filter(isFinished);
      const known = here.parts.filter((name) => this.runs.some((run) => run.name === name));
      this.absent = here.parts.filter((name) => !known.includes(name));
      const last = this.runs.at(-1);
      const alike = last ? this.runs.filter((run) => labelsOf(run) === labelsOf(last)) : [];
      await this.choose(known.length > 0 ? known : alike.slice(-FIRST).map(({ name }) => name));
    } catch (error) {
      this.error = shownError(error);
    }
    this.isReady = true;
  }

  /** True for a run that predicts the same kind of labels as the chosen ones. */
  fits(name: string): boolean {
    const [first] = this.shown;
    const run = this.runs.find((known) => known.name === name);
    return first === undefined || run === undefined || labelsOf(run) === labelsOf(first);
  }

  async toggle(name: string): Promise<void> {
    const others = this.chosen.filter((known) => known !== name);
    await this.choose(others.length < this.chosen.length ? others : [...others, name]);
  }

  /** Makes a run the one that the others are compared with. */
  async refer(name: string): Promise<void> {
    await this.choose([name, ...this.chosen.filter((known) => known !== name)]);
  }

  close(): void {
    this.worker?.terminate();
  }

  private async choose(names: readonly string[]): Promise<void> {
    this.chosen = names;
    here.replaceParts(names);
    this.isComparing = true;
    try {
      const [rows, histories] = await Promise.all([
        this.readAll(this.rows, readStoredRows),
        this.readAll(this.histories, readHistory),
      ]);
      if (names !== this.chosen) return; // others were chosen meanwhile
      this.rows = rows;
      this.histories = histories;
      const comparison = await this.compare();
      if (names !== this.chosen) return;
      this.comparison = comparison;
      this.error = undefined;
    } catch (error) {
      if (names === this.chosen) this.error = shownError(error);
    }
    this.isComparing = false;
  }

  /** Reads what is not known yet of the chosen runs. */
  private async readAll<Value>(
    known: ReadonlyMap<string, Value>,
    read: (name: string) => Promise<Value>,
  ): Promise<ReadonlyMap<string, Value>> {
    const entries = this.chosen.map(async (name): Promise<[string, Value]> => [
      name,
      known.get(name) ?? (await read(name)),
    ]);
    return new Map(await Promise.all(entries));
  }

  private compare(): Promise<StoredComparison> {
    this.worker?.terminate();
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    this.worker = worker;
    const stored = this.shown.map((run): StoredRun => ({
      name: run.name,
      task: taskOf(run),
      rows: this.rows.get(run.name) ?? [],
    }));
    return new Promise((resolve, reject) => {
      worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
        if (data.comparison) resolve(data.comparison);
        else reject(new Error(data.message));
      });
      worker.addEventListener("error", ({ message }) => {
        reject(new Error(message));
      });
      worker.postMessage(stored);
    });
  }
}

interface Answer {
  readonly comparison?: StoredComparison;
  readonly message?: string;
}

/** Kind and names of the labels that a run predicts, as a text to compare. */
function labelsOf(run: Run): string {
  const task = taskOf(run);
  if (task.kind === "regression") return JSON.stringify([task.kind, task.targets]);
  return JSON.stringify([task.kind, task.kind === "classification" ? task.classes : task.labels]);
}

/** Task of a run, from its configuration. The server has checked that it has one. */
function taskOf({ config }: Run): Task {
  const data = config?.["data"] as { readonly task: Task } | undefined;
  if (!data) throw new Error("a run has no configuration");
  return data.task;
}
