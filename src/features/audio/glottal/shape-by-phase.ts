import { defined } from "../../../core/defined.js";
import { cos, log, sin, sqrt } from "../../../core/math.js";
import { angleOf, wrapAngle } from "../arctangent.js";
import { frameHop, sampleRate } from "./analysis-rate.js";
import { blackmanWindow } from "../windows.js";
import { harmonicsAround } from "./harmonics.js";
import type { Complex } from "./lf-model.js";
import { largestRd, lfHarmonic, lfPulse, smallestRd } from "./lf-model.js";
import { remembered } from "./remembered.js";

/**
 * Number of harmonics whose phases are compared. Higher ones are too noisy in speech (Degottex et al. 2011,
 * section V).
 */
const PHASES = 8;
const GRID_STEP = 0.05;
/** Number of harmonics of a voice of 50 Hz below 8 kHz. */
const MOST_HARMONICS = 160;

export interface ShapeEstimate {
  /** Rd in [0.3, 2.5], from tense to breathy. */
  readonly rd: number;
  /**
   * Agreement of the best pulse with the phases: 1 - rms error / pi, in [0, 1]. About 0.42 for random phases.
   */
  readonly confidence: number;
}

/**
 * Estimates the shape of the glottal pulse by phase minimisation (mean squared phase, difference operator
 * "MSPD2"): Degottex, Roebel & Rodet, "Phase minimization for glottal model estimation", IEEE TASLP 19(5),
 * 2011, and "Function of phase-distortion for glottal model estimation", ICASSP 2011.
 *
 * Speech is pulse x tract, and the tract has minimum phase. So for the right Rd, the phase of speech / pulse
 * follows from its own amplitudes (by the Hilbert transform of their logarithm), up to a delay. The error is
 * the mean square over h of phase h - phase (h - 1) - phase 1, which no delay changes. Tries all Rd of a
 * grid, then refines the best one.
 */
export class ShapeByPhase {
  private readonly pulses = gridOfRd().map((rd) => modelSpectrum(rd));
  private readonly windowOf = remembered(blackmanWindow);
  private readonly tableOf = remembered((harmonics) => this.phaseTable(harmonics));

  /** Estimates the shape at frame `t`. Undefined with fewer than 8 harmonics, or without a signal. */
  estimate(speech: Float64Array, t: number, f0: number): ShapeEstimate | undefined {
    if (!(f0 >= sampleRate / 2 / (MOST_HARMONICS + 1))) return undefined;
    const harmonics = harmonicsAround(speech, t * frameHop, f0, this.windowOf);
    if (harmonics.length < PHASES || harmonics.every(({ re, im }) => re === 0 && im === 0)) return undefined;
    const { kernel, distortions } = this.tableOf(harmonics.length);
    const found = phaseDistortion(spectrumOf(harmonics), kernel);
    const errors = distortions.map((distortion) => meanSquare(found, distortion, distortion, 0));
    const best = errors.reduce((least, error, i) => (error < defined(errors[least]) ? i : least), 0);
    return refine(found, distortions, best);
  }

  private phaseTable(harmonics: number): PhaseTable {
    const kernel = minimumPhaseKernel(harmonics);
    return { kernel, distortions: this.pulses.map((pulse) => phaseDistortion(pulse, kernel)) };
  }
}

interface PhaseTable {
  /** [PHASES, harmonics] */
  readonly kernel: readonly Float64Array[];
  /** [grid of Rd][PHASES - 1] */
  readonly distortions: readonly Float64Array[];
}

interface LogSpectrum {
  /** Natural logarithm of the amplitude of harmonic i + 1. */
  readonly level: Float64Array;
  /** Phase of harmonic i + 1, of the first PHASES. */
  readonly phase: Float64Array;
}

function gridOfRd(): number[] {
  return Array.from(
    { length: Math.round((largestRd - smallestRd) / GRID_STEP) + 1 },
    (_, i) => smallestRd + i * GRID_STEP,
  );
}

function modelSpectrum(rd: number): LogSpectrum {
  const pulse = lfPulse(rd);
  return spectrumOf(Array.from({ length: MOST_HARMONICS }, (_, h) => lfHarmonic(pulse, h + 1)));
}

/** Returns the spectrum of harmonics. Raises amplitudes below 1e-10 of the greatest to that value. */
function spectrumOf(harmonics: readonly Complex[]): LogSpectrum {
  const powers = harmonics.map(({ re, im }) => re * re + im * im);
  const least = 1e-20 * powers.reduce((most, power) => Math.max(most, power), 0);
  return {
    level: Float64Array.from(powers, (power) => 0.5 * log(Math.max(power, least))),
    phase: Float64Array.from(harmonics.slice(0, PHASES), ({ re, im }) => angleOf(im, re)),
  };
}

/**
 * Returns a matrix whose row h - 1 gives the minimum phase of harmonic h as a weighted sum of the logarithms
 * of all amplitudes: the discrete Hilbert transform of an even spectrum of 2 (n + 1) points. Its values at 0
 * and at half the sampling rate, which are not measured, equal those of their neighbours.
 */
function minimumPhaseKernel(harmonics: number): Float64Array[] {
  const points = harmonics + 1;
  const cotangent = (m: number): number =>
    m % 2 === 0 ? 0 : cos((Math.PI * m) / (2 * points)) / sin((Math.PI * m) / (2 * points));
  return Array.from({ length: PHASES }, (_, row) => {
    const h = row + 1;
    const weightOf = (k: number): number => -(cotangent(h + k) + cotangent(h - k)) / points;
    const weights = Float64Array.from({ length: harmonics }, (_, i) => weightOf(i + 1));
    weights[0] = defined(weights[0]) + weightOf(0) / 2;
    weights[harmonics - 1] = defined(weights[harmonics - 1]) + weightOf(points) / 2;
    return weights;
  });
}

/**
 * Returns (p[h] - p[h - 1]) - p[1] for h = 2..PHASES, where p is the phase minus the minimum phase. [PHASES -
 * 1]
 */
function phaseDistortion({ level, phase }: LogSpectrum, kernel: readonly Float64Array[]): Float64Array {
  const excess = kernel.map((weights, row) =>
    weights.reduce((sum, weight, i) => sum - weight * defined(level[i]), defined(phase[row])),
  );
  return Float64Array.from(
    { length: PHASES - 1 },
    (_, i) => defined(excess[i + 1]) - defined(excess[i]) - defined(excess[0]),
  );
}

/**
 * Returns the mean squared difference of angles between `found` and the model at `share` of the way from
 * `from` to `to`.
 */
function meanSquare(found: Float64Array, from: Float64Array, to: Float64Array, share: number): number {
  let sum = 0;
  for (let i = 0; i < found.length; i++) {
    const model = defined(from[i]) + share * wrapAngle(defined(to[i]) - defined(from[i]));
    sum += wrapAngle(defined(found[i]) - model) ** 2;
  }
  return sum / found.length;
}

/** Finds the least error on the lines between the models of the best grid point and of its two neighbours. */
function refine(found: Float64Array, distortions: readonly Float64Array[], best: number): ShapeEstimate {
  const centre = distortions[best] ?? found;
  let least = meanSquare(found, centre, centre, 0);
  let position = best;
  for (const direction of [-1, 1]) {
    const neighbour = distortions[best + direction];
    if (neighbour === undefined) continue;
    for (let share = 0.1; share < 0.55; share += 0.1) {
      const error = meanSquare(found, centre, neighbour, share);
      if (error < least) {
        least = error;
        position = best + direction * share;
      }
    }
  }
  return { rd: smallestRd + position * GRID_STEP, confidence: 1 - sqrt(least) / Math.PI };
}
