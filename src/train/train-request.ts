import { z } from "zod";
import type { BackendName } from "../predict/create-backend.js";
import { backendFields } from "../predict/option-schemas.js";
import type { TrainEvent } from "./events.js";
import type { ModelChoice } from "../models/registry.js";
import type { TrainConfig } from "../models/train-config.js";
import type { OpenedEncoder } from "../encoders/open-encoder.js";

/** Options of a training run. Absent options take their defaults; unknown ones are errors. */
export interface TrainRequest {
  /** Model by name, with a preset and its options. A preset also sets options of `train`. */
  readonly model: ModelChoice;
  /** Options of training. They override those of the preset. */
  readonly train?: Partial<TrainConfig>;
  /**
   * Pretrained text encoder inside the model. The text modality must then hold token ids (`tokeniseDataset`).
   */
  readonly encoder?: OpenedEncoder;
  /** Store all weights of the encoder in the run folder, not only the trained ones. Default false. */
  readonly merge?: boolean;
  /** Compute backend. Default "auto": native kernels if they are installed, else WebAssembly. */
  readonly backend?: BackendName;
  /** Number of threads of the native and wasm backends. Results do not depend on it. Default: all cores. */
  readonly threads?: number;
  /**
   * Arithmetic of the kernels. "fast" changes the bits of results and is part of the run's hash. Default
   * "exact".
   */
  readonly arithmetic?: "exact" | "fast";
  /** Run folder to write. Without it, nothing is written. */
  readonly out?: string;
  /** Replace a finished run in `out`. */
  readonly overwrite?: boolean;
  /** Resume from the checkpoint in `out`. Requires the same configuration and data. */
  readonly resume?: boolean;
  /** Origin of the data (a path and reading options), stored in config.json. */
  readonly source?: Readonly<Record<string, unknown>>;
}

const modelOptions = {
  preset: z.string().optional(),
  config: z.record(z.string(), z.unknown()).optional(),
};

/** Schema of a {@link TrainRequest}. Options of the model and of training have their own schemas. */
export const trainRequestSchema = z.strictObject({
  model: z.union([
    z.strictObject({ name: z.string(), ...modelOptions }),
    z.strictObject({ definition: z.looseObject({ name: z.string() }), ...modelOptions }),
  ]),
  train: z.record(z.string(), z.unknown()).optional(),
  encoder: z
    .custom<OpenedEncoder>((value) => typeof value === "object" && value !== null && "checkpoint" in value)
    .optional(),
  merge: z.boolean().optional(),
  ...backendFields,
  out: z.string().min(1).optional(),
  overwrite: z.boolean().optional(),
  resume: z.boolean().optional(),
  source: z.record(z.string(), z.unknown()).optional(),
} satisfies Record<keyof TrainRequest, z.ZodType>);

/** Callbacks of a training run. */
export interface TrainHooks {
  /** Receives each event of the run, in order. */
  readonly onEvent?: (event: TrainEvent) => void;
  /**
   * Aborts training after the current step. With a run folder, saves a checkpoint first.
   *
   * @throws TrainError "train.interrupted"
   */
  readonly signal?: AbortSignal;
}
