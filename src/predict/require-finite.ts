import { CheckpointError } from "../core/errors.js";

/**
 * Checks that the outputs of a model are finite, so that no prediction is NaN or infinite.
 * @throws CheckpointError "checkpoint.format", because damaged weights can be finite and still overflow in
 * sums
 */
export function requireFinite(prediction: Float32Array, what: string): void {
  const bad = prediction.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return;
  throw new CheckpointError(
    "checkpoint.format",
    `${what}: output ${bad} of the model is ${String(prediction[bad])}, which is not a valid prediction`,
    { hint: "Its weights are damaged, or a feature is extremely large; use the original file." },
  );
}
