import { z } from "zod";
import type { EncoderFiles } from "../encoders/encoder-files.js";
import type { MediaEnvironment } from "../features/raw-media.js";
import { type BackendName, backendNames, type BackendOptions } from "./create-backend.js";

/** How a model is loaded. */
export interface LoadOptions extends BackendOptions {
  /** Default "auto": native kernels where they are installed, else WebAssembly. */
  readonly backend?: BackendName;
  /** How raw media are decoded and where adapters find their models. Default: Node's, in Node. */
  readonly media?: MediaEnvironment;
  /**
   * Files of the pretrained encoder of a run that has one inside. Default: the folder that the run was
   * trained with, in Node.
   */
  readonly encoder?: EncoderFiles;
}

/** How a sample is scored. */
export interface PredictOptions {
  /** The share of truths that intervals and sets of classes promise to hold, in (0, 1). Default 0.9. */
  readonly level?: number;
  /** Of raw media: ends the extraction of features. */
  readonly signal?: AbortSignal | undefined;
}

/** Which backend computes, and how. */
export const backendOptionsSchema = z.strictObject({
  backend: z.enum(backendNames).optional(),
  threads: z.int().min(1).optional(),
  arithmetic: z.enum(["exact", "fast"]).optional(),
});

/** Files of a pretrained encoder. */
export const encoderFilesSchema = z.custom<EncoderFiles>(
  (value) => typeof value === "object" && value !== null && "open" in value,
);

/** How a model is loaded. */
export const loadOptionsSchema = z.strictObject({
  ...backendOptionsSchema.shape,
  media: z.custom<MediaEnvironment>((value) => typeof value === "object" && value !== null).optional(),
  encoder: encoderFilesSchema.optional(),
  name: z.string().optional(),
} satisfies Record<keyof LoadOptions | "name", z.ZodType>);

/** How a sample is scored. */
export const predictOptionsSchema = z.strictObject({
  level: z.number().gt(0).lt(1).optional(),
  signal: z.instanceof(AbortSignal).optional(),
} satisfies Record<keyof PredictOptions, z.ZodType>);
