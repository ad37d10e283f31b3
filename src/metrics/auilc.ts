import { defined } from "../core/defined.js";
import { DataError } from "../core/errors.js";

/** Area under a metric curve. */
export interface LineArea {
  /** Area under the curve, in units of the metric times the rate: AUILC as published. */
  readonly area: number;
  /**
   * Area divided by the range of the rates: the mean of the curve, comparable between ranges. Equal to `area`
   * for rates from 0 to 1.
   */
  readonly mean: number;
}

/**
 * Area under the indicators line chart (Yuan et al., "Transformer-based feature reconstruction network for
 * robust multimodal sentiment analysis" (TFR-Net), ACM MM 2021).
 *
 * Trapezoidal area of a metric over the rates: sum over i of (x_i + x_(i+1)) / 2 * (r_(i+1) - r_i).
 * @param rates [n], n >= 2, strictly increasing
 * @param values metric at each rate, [n]
 * @throws DataError "data.invalid-value" for anything else
 */
export function auilc(rates: readonly number[], values: readonly number[]): LineArea {
  if (rates.length !== values.length || rates.length < 2) {
    throw new DataError(
      "data.invalid-value",
      `AUILC needs at least two rates and one value per rate, ` +
        `got ${rates.length} rates and ${values.length} values.`,
    );
  }
  if (![...rates, ...values].every(Number.isFinite))
    throw new DataError("data.invalid-value", "AUILC: a rate or value is not a finite number.");
  let area = 0;
  for (let i = 1; i < rates.length; i++) {
    const width = defined(rates[i]) - defined(rates[i - 1]);
    if (width <= 0)
      throw new DataError(
        "data.invalid-value",
        `AUILC: the rates must increase, but ${defined(rates[i - 1])} is followed by ${defined(rates[i])}.`,
      );
    area += ((defined(values[i - 1]) + defined(values[i])) / 2) * width;
  }
  return { area, mean: area / (defined(rates[rates.length - 1]) - defined(rates[0])) };
}
