import { z } from "zod";
import { TASK_KINDS, type TaskKind } from "../dataset.js";

/** Options that state how to read the labels. They override the source. */
export interface LabelOptions {
  /** Kind of task. Default: as the source states, otherwise derived from the training labels. */
  readonly task?: TaskKind | undefined;
  /**
   * Regression: scale of the labels. Default: as the source states, otherwise found in the training labels.
   */
  readonly range?: readonly number[] | undefined;
  /**
   * Regression: labels above it count as positive, for an accuracy of two classes. Multi-label: numbers above
   * it count as present.
   */
  readonly threshold?: number | undefined;
  /** Regression: ascending edges of bins (lo, hi], for an accuracy of bins. */
  readonly bins?: readonly number[] | undefined;
  /**
   * Merges class names that differ only in case, spaces or Unicode form. Default false: a warning names them.
   */
  readonly foldClasses?: boolean | undefined;
}

/** Schema of {@link LoadOptions}. */
export const loadOptionsSchema = z.strictObject({
  modalities: z.array(z.string()).readonly().optional(),
  target: z.string().optional(),
  task: z.enum(TASK_KINDS).optional(),
  range: z.array(z.number()).readonly().optional(),
  threshold: z.number().optional(),
  bins: z.array(z.number()).readonly().optional(),
  foldClasses: z.boolean().optional(),
  pool: z.enum(["none", "mean"]).optional(),
} satisfies Record<keyof LoadOptions, z.ZodType>);

/** Options of `loadDataset`. */
export interface LoadOptions extends LabelOptions {
  /** Modalities to read, in this order. Others are not read. Default: all that the source has. */
  readonly modalities?: readonly string[] | undefined;
  /** Labels to learn, if the source has several. See docs/formats.md. */
  readonly target?: string | undefined;
  /** "mean": sequences become one vector per sample, the mean of their real steps. Default "none". */
  readonly pool?: "none" | "mean" | undefined;
}
