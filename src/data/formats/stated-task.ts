import type { TaskKind } from "../dataset.js";

/** A task that a source states. */
export interface StatedTask {
  readonly kind: TaskKind;
  /** Who says so, e.g. `dataset.json`. */
  readonly by: string;
  /** Names of targets, classes or labels. */
  readonly names?: readonly string[] | undefined;
  readonly range?: readonly number[] | undefined;
  readonly threshold?: number | undefined;
  readonly bins?: readonly number[] | undefined;
}
