import { sqrt } from "../../../core/math.js";
import { highPass } from "../../../signal/butterworth.js";
import { sampleRate } from "./analysis-rate.js";
import { lpResidual } from "./lp-residual.js";

/** Below it lies the glottal formant, which the predictor must not see for the second residual to keep it. */
const CUTOFF = { hertz: 480, sampleRate };

/**
 * Sign of the speech, from the skewness of two residuals (Drugman, "Residual excitation skewness for
 * automatic speech polarity detection", IEEE Signal Processing Letters 20(4), 2013): the usual one, whose
 * peaks at closures are positive, and one whose predictor was fitted above 480 Hz, which therefore still has
 * the shape of the derivative of flow with its negative peaks.
 * @param residual `lpResidual(speech, speech, vuv)`
 * @returns 1 if glottal flow is upright (the derivative has negative peaks), -1 if the signal is upside down
 */
export function polarity(speech: Float64Array, residual: Float64Array, vuv: Uint8Array): 1 | -1 {
  const source = lpResidual(speech, highPass(speech, CUTOFF), vuv);
  return skewness(residual) >= skewness(source) ? 1 : -1;
}

/** Third standardised moment; 0 for a constant. */
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
