import { isFinished, listRuns, type Run } from "../api/runs.js";
import {
  type LoadedModel,
  loadModel,
  readModels,
  readStatistics,
  type Statistics,
  unloadModel,
} from "../api/statistics.js";
import { type ShownError, shownError } from "../ui/shown-error.js";

/** Milliseconds between two looks at the server. */
const LOOK = 3000;

/** Everything that the Serve room shows, and what its controls do. */
export class ServeState {
  models = $state.raw<readonly LoadedModel[]>([]);
  /** Finished runs, which can be loaded. */
  runs = $state.raw<readonly Run[]>([]);
  statistics = $state.raw<Statistics | undefined>();
  /** Model whose predictions are counted; empty for all. */
  model = $state("");
  /** Work of the server for the page, in words. */
  doing = $state("");
  isReady = $state(false);
  error = $state.raw<ShownError | undefined>();

  loadable = $derived(this.runs.filter(({ name }) => !this.models.some((model) => model.name === name)));

  private timer: ReturnType<typeof setInterval> | undefined;

  async start(): Promise<void> {
    await this.trying(async () => {
      this.runs = (await listRuns()).filter(isFinished);
      await this.refresh();
    });
    this.isReady = true;
    this.timer = setInterval(() => {
      if (!document.hidden && this.doing === "") void this.trying(() => this.refresh());
    }, LOOK);
  }

  async choose(model: string): Promise<void> {
    this.model = model;
    await this.trying(() => this.refresh());
  }

  async load(run: string): Promise<void> {
    await this.busy(`Loading ${run} …`, () => loadModel(run));
  }

  async unload(name: string): Promise<void> {
    await this.busy(`Unloading ${name} …`, () => unloadModel(name));
  }

  close(): void {
    clearInterval(this.timer);
  }

  private async refresh(): Promise<void> {
    [this.models, this.statistics] = await Promise.all([readModels(), readStatistics(this.model)]);
  }

  private async busy(what: string, work: () => Promise<void>): Promise<void> {
    this.doing = what;
    await this.trying(async () => {
      await work();
      await this.refresh();
    });
    this.doing = "";
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
