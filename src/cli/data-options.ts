import { z } from "zod";
import type { LoadOptions } from "../data/formats/load-options.js";
import { labelFields, labelOptions } from "./label-options.js";

/** Options of reading a data set. */
export const readingFields = {
  modalities: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe("modalities to use (default: all that the data set has)"),
  target: z.string().optional().describe("label to learn, if the data set has several"),
  pool: z
    .enum(["none", "mean"])
    .default("none")
    .describe("mean: read each sequence as the mean of its real steps; none: keep the sequence"),
  ...labelFields,
};

/** Options that select a data set and how to read it. */
export const dataFields = {
  data: z
    .string()
    .describe(
      "data set: an MMSA or MIB pickle, a folder with a dataset.json, or `synthetic` for the " +
        "embedded one (also `synthetic:seed=3`, `synthetic:train=200,valid=50,test=100`)",
    ),
  ...readingFields,
};

type ReadingOptions = z.infer<z.ZodObject<typeof readingFields>>;

/** Picks the reading options among a command's options. */
export function datasetOptions({ modalities, target, pool, ...labels }: ReadingOptions): LoadOptions {
  return {
    ...labelOptions(labels),
    ...(modalities && { modalities }),
    ...(target !== undefined && { target }),
    ...(pool === "none" ? {} : { pool }),
  };
}
