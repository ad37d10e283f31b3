import type { OpenDatasets } from "./datasets/open-datasets.js";
import type { Jobs } from "./jobs/jobs.js";
import type { ExperimentFolders } from "./experiments/experiment-folders.js";
import type { AuditLog } from "./keys/audit-log.js";
import type { Keys } from "./keys/keys.js";
import type { Scorer } from "./models/scorer.js";
import type { LoadedModels } from "./models/loaded-models.js";
import type { RunFolders } from "./runs/run-folders.js";
import type { Comparison, ComparisonRequest } from "./runs/compare-runs.js";
import type { StressTests } from "./runs/stress-tests.js";
import type { Trainings } from "./runs/trainings.js";
import type { Store } from "./store/store.js";
import type { Surveys } from "./survey/surveys.js";
import type { StudioFiles } from "./studio/studio-files.js";

/** Limits of requests. */
export interface RequestLimits {
  /** Largest JSON body, in bytes. */
  readonly jsonBytes: number;
  /** Largest multipart body, in bytes. */
  readonly uploadBytes: number;
  /** Longest clip or sound, in seconds. */
  readonly duration: number;
}

/** Services that the routes of one server use. */
export interface Services {
  readonly models: LoadedModels;
  readonly store: Store;
  readonly jobs: Jobs;
  readonly keys: Keys;
  /** Log of the requests to a server that requires keys. */
  readonly audit: AuditLog;
  /** Folder of runs. Its runs can be loaded, and trainings write new runs into it. */
  readonly folders: RunFolders;
  readonly trainings: Trainings;
  readonly experiments: ExperimentFolders;
  /** Compares runs on the same samples. */
  readonly compareRuns: (request: ComparisonRequest) => Promise<Comparison>;
  /** Measures runs under rising noise. */
  readonly stressTests: StressTests;
  /** Scores all samples of a split. */
  readonly surveys: Surveys;
  /** Paths of the data sets by name. */
  readonly datasets: ReadonlyMap<string, string>;
  /** Samples of the data sets. */
  readonly openDatasets: OpenDatasets;
  /** Loads a run into a model. */
  readonly openScorer: (place: string) => Promise<Scorer>;
  readonly limits: RequestLimits;
  /** Folder for uploads. No path in a request leads into it. */
  readonly uploads: string;
  /** Files of the web pages. */
  readonly studio: StudioFiles;
  /** Nominal coverage for requests that do not give one. */
  readonly level: number;
  /** Returns true while the server shuts down: it finishes the requests in progress and refuses new ones. */
  readonly isDraining: () => boolean;
  /** Writes a line to the server's log. */
  readonly log: (line: string) => void;
}
