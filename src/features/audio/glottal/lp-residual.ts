import { predictionResidual } from "../linear-prediction.js";
import { sampleRate, voicedStretches } from "./analysis-rate.js";

/** Frames of 25 ms every 5 ms and an order of 18, as in COVAREP, after Drugman & Dutoit (2009). */
const FRAME = (25 * sampleRate) / 1000;
const HOP = (5 * sampleRate) / 1000;
const ORDER = sampleRate / 1000 + 2;

/**
 * Computes the residual of linear prediction where `vuv` is voiced (with a margin of one frame on both
 * sides), 0 elsewhere. Returns [N].
 * @param predictFrom signal that the predictor is fitted to, before it is applied to `speech`: `speech`
 * itself, or a filtered version
 */
export function lpResidual(speech: Float64Array, predictFrom: Float64Array, vuv: Uint8Array): Float64Array {
  const residual = new Float64Array(speech.length);
  for (const [start, end] of voicedStretches(vuv, speech.length, FRAME)) {
    residual.set(
      predictionResidual(speech, { window: FRAME, shift: HOP, order: ORDER, model: predictFrom }, start, end),
      start,
    );
  }
  return residual;
}
