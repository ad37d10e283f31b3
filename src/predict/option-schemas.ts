import { z } from "zod";
import type { EncoderFiles } from "../encoders/encoder-files.js";
import type { MediaEnvironment } from "../features/raw-media.js";
import { backendNames } from "./create-backend.js";
import type { LoadOptions, PredictOptions } from "./load-options.js";

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
