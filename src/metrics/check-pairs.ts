import { defined } from "../core/defined.js";
import { DataError } from "../core/errors.js";

/**
 * Checks that predictions and labels have the same length and are finite, so that no metric averages over
 * NaN.
 *
 * @param what name of the metric, for the message
 * @throws DataError if empty, not finite or of different lengths
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
    const value = defined(values[i]);
    if (!Number.isFinite(value)) {
      throw new DataError(
        "data.invalid-value",
        `${what} of sample ${i} is ${value}, expected a finite number`,
        {
          hint:
            "A model that diverged, or extreme features, can cause this. Check the data with `euar " +
            "inspect`, or lower the learning rate.",
        },
      );
    }
  }
}
