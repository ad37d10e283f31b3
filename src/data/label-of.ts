import { defined } from "../core/defined.js";
import type { Split, Task } from "./dataset.js";

/** Label in plain JSON: a number, numbers by target, a class, or the present labels. */
export type PlainLabel = number | string | Readonly<Record<string, number>> | readonly string[];

/** Returns the label of one sample in plain JSON. */
export function labelOf({ labels }: Pick<Split, "labels">, row: number, task: Task): PlainLabel {
  if (task.kind === "classification") return task.classes[defined(labels[row])] ?? "";
  if (task.kind === "multi-label")
    return task.labels.filter((_, l) => labels[row * task.labels.length + l] === 1);
  const [only] = task.targets;
  if (task.targets.length === 1 && only !== undefined) return defined(labels[row]);
  return Object.fromEntries(
    task.targets.map((name, t) => [name, defined(labels[row * task.targets.length + t])]),
  );
}
