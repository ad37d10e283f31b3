/** Stored prediction of one sample. */
export interface PredictionRow {
  readonly id: string;
  /** ISO 8601. */
  readonly created: string;
  readonly model: string;
  /** sha-256 of the run's configuration. */
  readonly modelHash: string;
  /** Id of the sample from the client, as JSON. */
  readonly sample: string | null;
  readonly source: "features" | "media";
  /** The prediction as JSON. */
  readonly result: string;
}

/** Label that a user gave to a stored prediction. */
export interface CorrectionRow {
  readonly prediction: string;
  readonly created: string;
  /** The label as JSON. */
  readonly label: string;
  readonly note: string | null;
}

/** Prediction from the store, with the correction of a user. */
export interface StoredPrediction extends PredictionRow {
  readonly correction: CorrectionRow | null;
}

/** States of a job. The last three are final. */
export const JOB_STATES = ["queued", "running", "done", "failed", "cancelled"] as const;
/** State of a job. */
export type JobState = (typeof JOB_STATES)[number];

/** Stored job. */
export interface JobRow {
  readonly id: string;
  /** Idempotency key of the client. */
  readonly key: string | null;
  /** sha-256 of the request. It detects two requests with the same key. */
  readonly fingerprint: string;
  readonly state: JobState;
  readonly created: string;
  readonly started: string | null;
  readonly finished: string | null;
  /** Number of times that the job was started, without starts that the orderly end of a server stopped. */
  readonly attempts: number;
  /** Content of the job, as JSON. */
  readonly request: string;
  /** The answer as JSON. */
  readonly result: string | null;
  /** Code, message and hint as JSON. */
  readonly error: string | null;
}

/** Filter of the predictions to list, latest first. */
export interface PredictionFilter {
  readonly limit: number;
  /** Only predictions before this time and id. */
  readonly before?: string | undefined;
  readonly model?: string | undefined;
  /**
   * "uncertain": the most uncertain first, predictions without an uncertainty last. Default: latest first.
   */
  readonly order?: "latest" | "uncertain" | undefined;
  /** Only predictions without a correction. */
  readonly uncorrected?: boolean | undefined;
}

/** Stored key, without its secret. */
export interface KeyRow {
  readonly id: string;
  readonly name: string;
  /** sha-256 of the secret. */
  readonly hash: string;
  /** Scopes as a JSON list. */
  readonly scopes: string;
  /** Requests per minute. Null: no limit. */
  readonly rate: number | null;
  readonly created: string;
}

/** Label that a person gave to one modality of a sample, or to the whole sample. */
export interface LabelRow {
  /** Name of a data set, or of a collection of clips that no data set has. */
  readonly collection: string;
  /** Split and id as "test/ID", or the name of a clip. */
  readonly sample: string;
  /** Name of the modality that the person saw; "all" for the whole sample. */
  readonly modality: string;
  readonly person: string;
  /** The label as JSON. */
  readonly label: string;
  readonly created: string;
}

/** Flag of a sample, with a note. */
export interface FlagRow {
  readonly collection: string;
  readonly sample: string;
  readonly note: string;
  readonly created: string;
}

/** Row of the audit log. */
export interface AuditRow {
  /** Time of the request. ISO 8601. */
  readonly time: string;
  /** Name of the key. Null for a request with an unknown key or none. */
  readonly key: string | null;
  readonly method: string;
  /** Path of the route without its parameters, such as /v1/runs/:name. "refused" for a refused request. */
  readonly route: string;
  readonly status: number;
}

/** Limits of the stored data. */
export interface Retention {
  /** Predictions, finished jobs and rows of the audit log before this time are deleted. ISO 8601. */
  readonly before: string | null;
  /** Largest size of the database in bytes. The oldest predictions and rows of the audit log are deleted. */
  readonly bytes: number | null;
}

/** States of a run. "found": a run folder that the server did not train. */
export const RUN_STATES = ["queued", "running", "done", "failed", "stopped", "found"] as const;
/** State of a run. */
export type RunState = (typeof RUN_STATES)[number];

/** Requested training. */
export interface RunRow {
  readonly name: string;
  readonly state: RunState;
  readonly created: string;
  readonly started: string | null;
  readonly finished: string | null;
  /** Name of the data set. */
  readonly data: string;
  /** Options of `euar train` as JSON. */
  readonly options: string;
  /** Code, message and hint as JSON. */
  readonly error: string | null;
}
