import { CheckpointError } from "../core/errors.js";

/**
 * Requires that a model's outputs are numbers: a prediction is never NaN or infinite.
 * @throws CheckpointError "checkpoint.format": weights that were stored as finite numbers may still be
 * damaged so badly that sums overflow
 */
export function requireFinite(prediction: Float32Array, what: string): void {
  const bad = prediction.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return;
  throw new CheckpointError(
    "checkpoint.format",
    `${what}: output ${bad} of the model is ${String(prediction[bad])}, which is no prediction`,
    { hint: "Its weights are damaged, or a feature is of extreme size; use the original file." },
  );
}
