import { readFileSync } from "node:fs";

/** Results of PyTorch that `scripts/fixtures/precision.py` writes. */
export interface PrecisionFixture {
  /** Values of each modality, M of [B][outputs]. */
  readonly values: readonly (readonly (readonly number[])[])[];
  /** M of [B]. */
  readonly logs: readonly (readonly number[])[];
  /** M of [B]. */
  readonly present: readonly (readonly number[])[];
  /** Sum of the squared predictions. */
  readonly loss: number;
  /** Its gradients with respect to `logs`, M of [B]. */
  readonly logGradients: readonly (readonly number[])[];
  /** Sum of the squared outputs of `shrunkSum`. */
  readonly shrunkLoss: number;
  /** Its gradients with respect to `logs`, M of [B]. */
  readonly shrunkGradients: readonly (readonly number[])[];
  /** [B] */
  readonly distance: readonly number[];
  /** Distance loss of `logs[0]`. */
  readonly distanceLoss: number;
  /** [B] */
  readonly distanceGradient: readonly number[];
  /** Layer of variances: weights by name, scores, and the gradients of the sum of their squares. */
  readonly varianceHead: {
    /** [B][D] */
    readonly features: readonly (readonly number[])[];
    readonly weights: Readonly<Record<string, readonly number[]>>;
    /** Weight and bias of the regression. */
    readonly severity: Readonly<Record<string, readonly number[]>>;
    /** [B] */
    readonly scores: readonly number[];
    readonly gradients: Readonly<Record<string, readonly number[]>>;
  };
}

/** Reads test/fixtures/precision.json. */
export function readFixture(): PrecisionFixture {
  const file = new URL("../../../test/fixtures/precision.json", import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as PrecisionFixture;
}
