import { z } from "zod";
import { type Task, TASK_KINDS } from "../data/dataset.js";
import type { LabelOptions } from "../data/formats/load-options.js";

/** Flags that say what the labels of a data set mean. */
export const labelFields = {
  task: z
    .enum(TASK_KINDS)
    .optional()
    .describe(
      "kind of task. By default as the data state it, else guessed from the training labels: class numbers 0, 1, 2, ... and one-hot rows mean classification, other rows of 0 and 1 multi-label, other numbers regression",
    ),
  range: z
    .array(z.number())
    .length(2)
    .optional()
    .describe("scale of regression labels, as --range=-3,3; by default found in the training labels"),
  threshold: z
    .number()
    .optional()
    .describe(
      "regression: labels above it are positive, for an accuracy of two classes; multi-label: numbers above it count as present",
    ),
  bins: z
    .array(z.number())
    .min(1)
    .optional()
    .describe("regression: ascending edges of bins (lo, hi], for an accuracy of bins"),
  foldClasses: z
    .boolean()
    .default(false)
    .describe("join class names that differ only in case, spaces or Unicode form"),
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

/** Label options of a trained model, so that data for evaluation are read as its training data were. */
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
