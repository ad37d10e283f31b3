import { sampleAt } from "../../signal/sample-at.js";
import { defined } from "../../core/defined.js";
import { exp, log, sqrt } from "../../core/math.js";
import { angleOf, wrapAngle } from "./arctangent.js";
import { realFft } from "../../signal/fft.js";
import { ANALYSIS_RATE } from "./frames.js";
import { blackmanWindow } from "./windows.js";

/** Size of the transform. */
const SIZE = 4096;
const BINS = SIZE / 2 + 1;
const PERIODS = 3;
/** Lowest amplitude: -140 dB of full scale. */
export const AMPLITUDE_FLOOR = 1e-7;

/**
 * Harmonics of one frame, H of them. Index 0 is the first harmonic. The arrays are reused: they are valid
 * until the next frame.
 */
export interface Harmonics {
  count: number;
  /** Distance of harmonics in Hz, refined from the peaks. Harmonics are assumed at its multiples. */
  spacing: number;
  /** [>= H] linear amplitude, half that of a cosine. */
  readonly amplitude: Float64Array;
  /** [>= H] phase of the cosine at the centre of the frame in radians. */
  readonly phase: Float64Array;
}

/**
 * Analyses harmonics by peak picking (McAulay & Quatieri, "Speech analysis/synthesis based on a sinusoidal
 * representation", IEEE TASSP 34, 1986) with COVAREP's settings: a Blackman window of three periods of F0,
 * 4096 points, at each multiple of F0 the nearest spectral peak within half of F0, parabolic interpolation of
 * the log amplitude, linear interpolation of the phase.
 */
export class HarmonicAnalysis {
  readonly harmonics: Harmonics = {
    count: 0,
    spacing: 0,
    amplitude: new Float64Array(BINS),
    phase: new Float64Array(BINS),
  };
  private readonly frame = new Float64Array(SIZE);
  private readonly re = new Float64Array(BINS);
  private readonly im = new Float64Array(BINS);
  private readonly power = new Float64Array(BINS);
  private readonly peaks = new Uint32Array(BINS);
  private readonly windows = new Map<number, Float64Array>();

  /**
   * Analyses one frame.
   * @param signal [N] 16 kHz; zero outside its ends
   * @param centre sample at the middle of the frame
   * @param f0 Hz
   */
  analyse(signal: Float32Array, centre: number, f0: number): void {
    this.transform(signal, centre, f0);
    this.pickHarmonics(f0);
  }

  /** Returns the natural log of the amplitude at bin k of 0 .. 2048, relative to the sum of the window. */
  logAmplitude(k: number): number {
    return 0.5 * log(defined(this.power[k]));
  }

  /**
   * Transforms the windowed frame, rotated so that its centre is sample 0: phases are then those at the
   * centre.
   */
  private transform(signal: Float32Array, centre: number, f0: number): void {
    const reach = Math.round((PERIODS * ANALYSIS_RATE) / f0 / 2);
    const window = this.window(reach);
    this.frame.fill(0);
    for (let i = -reach; i <= reach; i++)
      this.frame[i < 0 ? SIZE + i : i] = sampleAt(signal, centre + i) * defined(window[reach + i]);
    realFft(SIZE).forward(this.frame, this.re, this.im);
    for (let k = 0; k < BINS; k++) {
      const re = defined(this.re[k]);
      const im = defined(this.im[k]);
      this.power[k] = Math.max(re * re + im * im, AMPLITUDE_FLOOR * AMPLITUDE_FLOOR);
    }
  }

  private window(reach: number): Float64Array {
    let window = this.windows.get(reach);
    if (window === undefined) {
      const raw = blackmanWindow(2 * reach + 1);
      const sum = raw.reduce((a, b) => a + b, 0);
      window = raw.map((w) => w / sum);
      this.windows.set(reach, window);
    }
    return window;
  }

  private pickHarmonics(f0: number): void {
    const found = this.findPeaks();
    const step = (SIZE * f0) / ANALYSIS_RATE;
    const { harmonics } = this;
    harmonics.count = Math.round((ANALYSIS_RATE / 2 - f0 / 2) / f0);
    const positions = new Float64Array(harmonics.count + 1);
    let p = 0;
    for (let h = 1; h <= harmonics.count; h++) {
      const target = Math.min(step * h, BINS - 1);
      while (p + 1 < found && distance(this.peaks[p + 1], target) <= distance(this.peaks[p], target)) p += 1;
      const near = found > 0 && distance(this.peaks[p], target) < step / 2;
      positions[h] = near ? this.atPeak(defined(this.peaks[p]), h - 1) : this.atBin(target, h - 1);
    }
    harmonics.spacing = (medianDifference(positions) * ANALYSIS_RATE) / SIZE;
  }

  private findPeaks(): number {
    let found = 0;
    const level = this.power;
    for (let k = 1; k < BINS - 1; k++) {
      const here = defined(level[k]);
      if (here > defined(level[k - 1]) && here >= defined(level[k + 1])) this.peaks[found++] = k;
    }
    return found;
  }

  /** Stores the amplitude and phase at the top of a peak. Returns its position in bins. */
  private atPeak(bin: number, index: number): number {
    const a = this.logAmplitude(bin - 1);
    const b = this.logAmplitude(bin);
    const c = this.logAmplitude(bin + 1);
    const curvature = a - 2 * b + c;
    const shift = curvature < 0 ? (0.5 * (a - c)) / curvature : 0;
    this.harmonics.amplitude[index] = exp(b - 0.25 * (a - c) * shift);
    this.harmonics.phase[index] = this.phaseAt(bin + shift);
    return bin + shift;
  }

  private atBin(position: number, index: number): number {
    this.harmonics.amplitude[index] = sqrt(defined(this.power[Math.round(position)]));
    this.harmonics.phase[index] = this.phaseAt(position);
    return position;
  }

  private phaseAt(position: number): number {
    const k = Math.min(Math.floor(position), BINS - 2);
    const a = angleOf(defined(this.im[k]), defined(this.re[k]));
    const b = angleOf(defined(this.im[k + 1]), defined(this.re[k + 1]));
    return wrapAngle(a + (position - k) * wrapAngle(b - a));
  }
}

function distance(peak: number | undefined, target: number): number {
  return Math.abs(defined(peak) - target);
}

function medianDifference(positions: Float64Array): number {
  const sorted = positions
    .subarray(1)
    .map((p, i) => p - defined(positions[i]))
    .sort();
  return (defined(sorted[(sorted.length - 1) >> 1]) + defined(sorted[sorted.length >> 1])) / 2;
}
