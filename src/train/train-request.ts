import { z } from "zod";
import type { BackendName } from "../predict/create-backend.js";
import { backendFields } from "../predict/option-schemas.js";
import type { TrainEvent } from "./events.js";
import type { ModelChoice } from "../models/registry.js";
import type { TrainConfig } from "../models/train-config.js";
import type { OpenedEncoder } from "../encoders/open-encoder.js";

/** What to train. Options left out take their defaults; unknown ones are errors. */
export interface TrainRequest {
  /** The model by name, with a preset and options of its own; the preset also lies under `train`. */
  readonly model: ModelChoice;
  readonly train?: Partial<TrainConfig>;
  /**
   * A pretrained encoder that reads the texts inside the model; the data set then has token ids as its text
   * (`tokeniseDataset`).
   */
  readonly encoder?: OpenedEncoder;
  /** Store the whole encoder in the run folder, not only what of it trained. Default false. */
  readonly merge?: boolean;
  /** What computes. Default "auto": native kernels where they are installed, else WebAssembly. */
  readonly backend?: BackendName;
  /** Threads of the native backend; no result depends on it. Default: all cores. */
  readonly threads?: number;
  /** "fast" gives other bits and is part of the run's identity. Default "exact". */
  readonly arithmetic?: "exact" | "fast";
  /** Run folder to write; nothing is written without one. */
  readonly out?: string;
  /** Replace a finished run in `out`. */
  readonly overwrite?: boolean;
  /** Go on from the checkpoint in `out` (same configuration and data required). */
  readonly resume?: boolean;
  /** Where the data came from, for the record (a path and reading options). */
  readonly source?: Readonly<Record<string, unknown>>;
}

const modelOptions = {
  preset: z.string().optional(),
  config: z.record(z.string(), z.unknown()).optional(),
};

/** The outer form of a {@link TrainRequest}; a model's and training's options have schemas of their own. */
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

export interface TrainHooks {
  readonly onEvent?: (event: TrainEvent) => void;
  /**
   * Aborting ends training after the current step; with a run folder, a checkpoint is saved first. Throws
   * TrainError("train.interrupted").
   */
  readonly signal?: AbortSignal;
}
