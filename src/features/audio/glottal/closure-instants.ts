import { defined } from "../../../core/defined.js";
import { highPass } from "../../../signal/butterworth.js";
import { blackmanWindow } from "../windows.js";
import { isVoicedAt, sampleRate, voicedStretches } from "./analysis-rate.js";

/**
 * Length of the running mean of the mean-based signal in periods. 1.5 to 2 all work (Drugman et al. 2012,
 * figure 3).
 */
const WINDOW_PERIODS = 1.7;
/** Cutoff of the filter that removes drift of the mean-based signal, in Hz: below the lowest voice. */
const DRIFT_CUTOFF = { hertz: 40, sampleRate };
/**
 * Margin around voiced frames for which the mean-based signal is computed too, in samples: 25 ms, the
 * settling time of the drift filter.
 */
const MARGIN = 400;
/**
 * Minimum height of the residual peaks that are used to find the position of closures in the cycle, as a
 * fraction of the greatest peak.
 */
const STRONG_PEAK = 0.4;
/** Half the width of the search interval of a closure, as a fraction of the rising half-cycle. */
const SEARCH = 0.35;

/**
 * Finds the instants of glottal closure by SEDREAMS: Drugman & Dutoit, "Glottal closure and opening instant
 * detection from speech signals", Interspeech 2009; Drugman, Thomas, Gudnason, Naylor & Dutoit, "Detection of
 * glottal closure instants from speech signals: a quantitative review", IEEE TASLP 20(3), 2012. In each cycle
 * of the mean-based signal, takes the greatest residual in an interval around the usual position of closures
 * in the cycle.
 * @param speech speech with corrected polarity (see polarity.ts)
 * @param residual residual of `speech`
 * @param meanF0 mean of the voiced frames in Hz
 * @returns samples, strictly increasing, all in voiced frames
 */
export function closureInstants(
  speech: Float64Array,
  residual: Float64Array,
  meanF0: number,
  vuv: Uint8Array,
): number[] {
  const cycles = risingHalves(highPass(meanBasedSignal(speech, meanF0, vuv), DRIFT_CUTOFF));
  const usual = usualPosition(cycles, residual, vuv);
  if (usual === undefined) return [];
  const instants: number[] = [];
  for (const { minimum, maximum } of cycles) {
    const from = minimum + Math.round((usual - SEARCH) * (maximum - minimum));
    const to = minimum + Math.round((usual + SEARCH) * (maximum - minimum));
    const instant = greatestIn(residual, Math.max(from, 0), Math.min(to, residual.length - 1));
    if (instant > (instants.at(-1) ?? -1) && isVoicedAt(vuv, instant)) instants.push(instant);
  }
  return instants;
}

/** Returns the median F0 of the voiced frames; 0 without any. */
export function medianVoicedF0(f0: Float64Array, vuv: Uint8Array): number {
  const voiced = f0.filter((value, t) => value > 0 && defined(vuv[t]) !== 0).sort();
  if (voiced.length === 0) return 0;
  const middle = voiced.length >> 1;
  return voiced.length % 2 === 1
    ? defined(voiced[middle])
    : (defined(voiced[middle - 1]) + defined(voiced[middle])) / 2;
}

/**
 * Computes the running mean under a Blackman window; 0 where the window does not fit, and away from voice.
 */
function meanBasedSignal(speech: Float64Array, meanF0: number, vuv: Uint8Array): Float64Array {
  const half = Math.round((WINDOW_PERIODS * sampleRate) / meanF0 / 2);
  const window = blackmanWindow(2 * half + 1);
  const mean = new Float64Array(speech.length);
  for (const [start, end] of voicedStretches(vuv, speech.length, MARGIN)) {
    for (let n = Math.max(start, half); n < Math.min(end, speech.length - half); n++) {
      let sum = defined(speech[n]) * defined(window[half]);
      for (let i = 1; i < half; i++)
        sum += (defined(speech[n - i]) + defined(speech[n + i])) * defined(window[half - i]);
      mean[n] = sum / window.length;
    }
  }
  return mean;
}

interface Cycle {
  readonly minimum: number;
  readonly maximum: number;
}

/** Returns each local minimum with the local maximum after it. */
function risingHalves(x: Float64Array): Cycle[] {
  const cycles: Cycle[] = [];
  let minimum = -1;
  for (let n = 1; n < x.length - 1; n++) {
    const before = defined(x[n - 1]);
    const here = defined(x[n]);
    const after = defined(x[n + 1]);
    if (here < before && here <= after) minimum = n;
    if (here > before && here >= after && minimum >= 0) {
      cycles.push({ minimum, maximum: n });
      minimum = -1;
    }
  }
  return cycles;
}

/**
 * Returns the median position of strong residual peaks, measured from the nearest minimum in rising
 * half-cycles.
 */
function usualPosition(
  cycles: readonly Cycle[],
  residual: Float64Array,
  vuv: Uint8Array,
): number | undefined {
  let greatest = 0;
  for (let n = 0; n < residual.length; n++)
    if (isVoicedAt(vuv, n)) greatest = Math.max(greatest, defined(residual[n]));
  const positions: number[] = [];
  let nearest = 0;
  for (let n = 0; n < residual.length; n++) {
    if (defined(residual[n]) <= STRONG_PEAK * greatest || !isVoicedAt(vuv, n)) continue;
    while (nearest + 1 < cycles.length && distance(cycles[nearest + 1], n) <= distance(cycles[nearest], n))
      nearest++;
    const cycle = cycles[nearest];
    if (cycle !== undefined) positions.push((n - cycle.minimum) / (cycle.maximum - cycle.minimum));
  }
  return positions.sort((a, b) => a - b)[positions.length >> 1];
}

function distance(cycle: Cycle | undefined, n: number): number {
  return cycle === undefined ? Infinity : Math.abs(cycle.minimum - n);
}

function greatestIn(x: Float64Array, from: number, to: number): number {
  let best = -1;
  for (let n = from; n <= to; n++) if (best < 0 || defined(x[n]) > defined(x[best])) best = n;
  return best;
}
