import { defined } from "../core/defined.js";
import type { Task } from "./dataset.js";

/**
 * Finds the scale of sentiment labels by their largest absolute value: [-1, 1] (SIMS) or [-3, 3] (MOSI,
 * MOSEI).
 *
 * @param labels of the training split only, so that test labels do not affect a metric
 * @returns undefined if no label is negative, if none is positive, or if one is beyond 3
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

/**
 * Returns true for a single regression target with a scale from below 0 to above 0, so that the sign has a
 * meaning.
 */
export function hasSign(task: Task): boolean {
  if (task.kind !== "regression" || task.targets.length > 1 || task.range === undefined) return false;
  return task.range[0] < 0 && task.range[1] > 0;
}

/**
 * Adds the scale of the training labels to a regression task without a scale.
 *
 * @param train labels of the training split
 */
export function withScale(task: Task, train: ArrayLike<number>): Task {
  if (task.kind !== "regression" || task.range !== undefined || task.targets.length > 1) return task;
  const range = sentimentScale(train);
  return range === undefined ? task : { ...task, range };
}
