import { z } from "zod";
import { type Task, TASK_KINDS } from "../data/dataset.js";
import type { LabelOptions } from "../data/formats/load-options.js";

/** Flags that define the meaning of a data set's labels. */
export const labelFields = {
  task: z
    .enum(TASK_KINDS)
    .optional()
    .describe(
      "task that the labels define (default: as stated by the data set, otherwise guessed from the " +
        "training labels: class numbers 0, 1, 2, ... and one-hot rows are classification, other rows " +
        "of 0 and 1 multi-label, other numbers regression)",
    ),
  range: z
    .array(z.number())
    .length(2)
    .optional()
    .describe(
      "lowest and highest regression label, e.g. --range=-3,3 (default: taken from the training labels)",
    ),
  threshold: z
    .number()
    .optional()
    .describe(
      "regression: labels above it are positive in the two-class accuracy; multi-label: values above " +
        "it count as present",
    ),
  bins: z
    .array(z.number())
    .min(1)
    .optional()
    .describe("regression: ascending edges of the bins (lo, hi] in the accuracy over bins"),
  foldClasses: z
    .boolean()
    .default(false)
    .describe("merge class names that differ only in case, spaces or Unicode form"),
};

type LabelFlags = z.infer<z.ZodObject<typeof labelFields>>;

/** Picks the label options that were given. */
export function labelOptions({ task, range, threshold, bins, foldClasses }: LabelFlags): LabelOptions {
  return {
    ...(task && { task }),
    ...(range && { range }),
    ...(threshold !== undefined && { threshold }),
    ...(bins && { bins }),
    ...(foldClasses && { foldClasses }),
  };
}

/** Picks the label options that were given; undefined without any. */
export function statedLabels(options: LabelFlags): LabelOptions | undefined {
  const stated = labelOptions(options);
  return Object.keys(stated).length === 0 ? undefined : stated;
}

/**
 * Returns the label options of a trained model, to read evaluation data in the same way as its training data.
 */
export function labelOptionsOf(task: Task): LabelOptions {
  if (task.kind === "classification") return { task: task.kind };
  if (task.kind === "multi-label")
    return { task: task.kind, ...(task.threshold !== undefined && { threshold: task.threshold }) };
  const { kind, range, threshold, bins } = task;
  return {
    task: kind,
    ...(range && { range }),
    ...(threshold !== undefined && { threshold }),
    ...(bins && { bins }),
  };
}
