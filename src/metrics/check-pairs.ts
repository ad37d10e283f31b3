import { DataError } from "../core/errors.js";

/**
 * Throws unless predictions and labels pair up and are all finite, so that no metric ever averages over a
 * NaN.
 * @param what the metric, for the message
 */
export function checkPairs(what: string, prediction: ArrayLike<number>, truth: ArrayLike<number>): void {
  if (prediction.length !== truth.length) {
    throw new DataError(
      "data.width-mismatch",
      `${what}: ${prediction.length} predictions for ${truth.length} labels`,
    );
  }
  if (truth.length === 0) throw new DataError("data.empty", `${what}: no samples to score`);
  checkFinite(`${what}: prediction`, prediction);
  checkFinite(`${what}: label`, truth);
}

function checkFinite(what: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN;
    if (!Number.isFinite(value)) {
      throw new DataError(
        "data.invalid-value",
        `${what} of sample ${i} is ${value}, a finite number is needed`,
        {
          hint: "NaN or infinite predictions come from a diverged model or from features of extreme size; look at `euar inspect` and lower the learning rate.",
        },
      );
    }
  }
}
