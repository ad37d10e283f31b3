import { defined } from "../core/defined.js";
import type { Task } from "./dataset.js";

/**
 * Finds the scale of sentiment labels by their largest absolute value: [-1, 1] (SIMS) or [-3, 3] (MOSI,
 * MOSEI).
 *
 * @param labels of the training split alone, so that a test label never moves a metric
 * @returns undefined where no label is negative or none is positive, and for labels beyond 3
 */
export function sentimentScale(labels: ArrayLike<number>): readonly [number, number] | undefined {
  const { least, most } = extent(labels);
  if (!(least < 0 && most > 0)) return undefined;
  const size = Math.max(-least, most);
  if (size <= 1) return [-1, 1];
  return size <= 3 ? [-3, 3] : undefined;
}

/** Smallest and largest label; infinities without labels. */
export function extent(labels: ArrayLike<number>): { readonly least: number; readonly most: number } {
  let [least, most] = [Infinity, -Infinity];
  for (let i = 0; i < labels.length; i++) {
    least = Math.min(least, defined(labels[i]));
    most = Math.max(most, defined(labels[i]));
  }
  return { least, most };
}

/** True for one regression target whose scale reaches from below 0 to above 0, so that a sign has a meaning. */
export function hasSign(task: Task): boolean {
  if (task.kind !== "regression" || task.targets.length > 1 || task.range === undefined) return false;
  return task.range[0] < 0 && task.range[1] > 0;
}

/**
 * Adds the scale of the training labels to a regression task that states none.
 *
 * @param train labels of the training split
 */
export function withScale(task: Task, train: ArrayLike<number>): Task {
  if (task.kind !== "regression" || task.range !== undefined || task.targets.length > 1) return task;
  const range = sentimentScale(train);
  return range === undefined ? task : { ...task, range };
}
