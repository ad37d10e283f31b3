import { sqrt } from "../../../core/math.js";
import { highPass } from "../../../signal/butterworth.js";
import { sampleRate } from "./analysis-rate.js";
import { lpResidual } from "./lp-residual.js";

/**
 * Cutoff in Hz above the glottal formant. The predictor of the second residual must not see the formant, so
 * that the residual keeps it.
 */
const CUTOFF = { hertz: 480, sampleRate };

/**
 * Finds the sign of the speech from the skewness of two residuals (Drugman, "Residual excitation skewness for
 * automatic speech polarity detection", IEEE Signal Processing Letters 20(4), 2013). The usual one has
 * positive peaks at closures. The other has a predictor fitted above 480 Hz, so it keeps the shape of the
 * derivative of flow with its negative peaks.
 * @param residual `lpResidual(speech, speech, vuv)`
 * @returns 1 if glottal flow is upright (the derivative has negative peaks), -1 if the signal is inverted
 */
export function polarity(speech: Float64Array, residual: Float64Array, vuv: Uint8Array): 1 | -1 {
  const source = lpResidual(speech, highPass(speech, CUTOFF), vuv);
  return skewness(residual) >= skewness(source) ? 1 : -1;
}

/** Returns the third standardised moment; 0 for a constant. */
function skewness(x: Float64Array): number {
  let mean = 0;
  for (const value of x) mean += value / x.length;
  let second = 0;
  let third = 0;
  for (const value of x) {
    const deviation = value - mean;
    second += deviation * deviation;
    third += deviation * deviation * deviation;
  }
  second /= x.length;
  return second > 0 ? third / x.length / (second * sqrt(second)) : 0;
}
