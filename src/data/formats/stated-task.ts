import type { TaskKind } from "../dataset.js";

/** Task that a source states. */
export interface StatedTask {
  readonly kind: TaskKind;
  /** Origin of the statement, e.g. `dataset.json`. */
  readonly by: string;
  /** Names of targets, classes or labels. */
  readonly names?: readonly string[] | undefined;
  readonly range?: readonly number[] | undefined;
  readonly threshold?: number | undefined;
  readonly bins?: readonly number[] | undefined;
}
