import { defined } from "../../core/defined.js";
import { sqrt } from "../../core/math.js";
import { realFft } from "../../signal/fft.js";
import { predictionResidual } from "./linear-prediction.js";
import { ANALYSIS_RATE, frameCentre, frameCount } from "./frames.js";
import { blackmanWindow } from "./windows.js";

/**
 * Fundamental frequency and voicing by the Summation of Residual Harmonics (Drugman & Alwan, "Joint robust
 * voicing detection and pitch estimation based on residual harmonics", Interspeech 2011), with COVAREP's
 * settings:
 *
 *   SRH(f) = E(f) + sum_{k=2}^{5} (E(k f) - E((k - 1/2) f)),
 *
 * with E the amplitude spectrum of 100 ms of the linear prediction residual, normalised to unit energy. F0 is
 * the maximum of SRH among 50, 51 .. 500 Hz. A second pass searches only from half to twice the median of the
 * clear frames. A frame is voiced if SRH at F0 exceeds 0.07, or 0.085 if SRH varies much over the clip.
 */
export interface PitchTrack {
  /** [T] F0 in Hz, also in unvoiced frames, as in COVAREP. 0 in frames of zeros. */
  readonly f0: Float64Array;
  /** [T] 1 = voiced. */
  readonly voiced: Uint8Array;
  /** [T] SRH at f0. */
  readonly strength: Float64Array;
}

const LOWEST = 50;
const HIGHEST = 500;
const HARMONICS = 5;
const CLEAR = 0.1;
const VARIED = 0.05;
const VOICED = 0.07;
const VOICED_IF_VARIED = 0.085;
const RESIDUAL = { window: 401, shift: 80, order: 12 };
const FRAME = 1598;
const FFT_SIZE = 4096;
const FRAMES_AT_ONCE = 256;
/** Highest frequency of the spectrum: the fifth harmonic of the highest F0. */
const TOP_FREQUENCY = HIGHEST * HARMONICS;

/**
 * Computes F0 and voicing of every frame.
 * @param signal [N] 16 kHz
 */
export function trackPitch(signal: Float32Array): PitchTrack {
  const steps = frameCount(signal.length);
  const f0 = new Float64Array(steps);
  const strength = new Float64Array(steps);
  search(signal, f0, strength, LOWEST, HIGHEST);
  const [lowest, highest] = narrowedRange(f0, strength);
  // If the first pass found its maximum inside the narrower range, the second would find the same.
  search(
    signal,
    f0,
    strength,
    lowest,
    highest,
    (t) => defined(strength[t]) > 0 && (defined(f0[t]) < lowest || defined(f0[t]) > highest),
  );
  const threshold = standardDeviation(strength) > VARIED ? VOICED_IF_VARIED : VOICED;
  return { f0, strength, voiced: Uint8Array.from(strength, (s) => (s > threshold ? 1 : 0)) };
}

/** Returns the expected range of F0: half to twice the median over frames with clear SRH. */
function narrowedRange(f0: Float64Array, strength: Float64Array): [number, number] {
  const clear = f0.filter((_, t) => defined(strength[t]) > CLEAR).sort();
  if (clear.length === 0) return [LOWEST, HIGHEST];
  const median = (defined(clear[(clear.length - 1) >> 1]) + defined(clear[clear.length >> 1])) / 2;
  return [Math.max(LOWEST, Math.round(0.5 * median)), Math.min(HIGHEST, Math.round(2 * median))];
}

function search(
  signal: Float32Array,
  f0: Float64Array,
  strength: Float64Array,
  lowest: number,
  highest: number,
  wanted?: (t: number) => boolean,
): void {
  const amplitudes = new Float64Array(TOP_FREQUENCY + 1);
  const spectrum = new ResidualSpectrum();
  for (let start = 0; start < f0.length; start += FRAMES_AT_ONCE) {
    const end = Math.min(start + FRAMES_AT_ONCE, f0.length);
    const frames = Array.from({ length: end - start }, (_, i) => start + i).filter(
      (t) => wanted?.(t) ?? true,
    );
    const [first, last] = [frames[0], frames.at(-1)];
    if (first === undefined || last === undefined) continue;
    const from = frameCentre(first) - FRAME / 2;
    const residual = predictionResidual(signal, RESIDUAL, from, frameCentre(last) + FRAME / 2);
    for (const t of frames) {
      const offset = frameCentre(t) - FRAME / 2 - from;
      const sound = spectrum.of(residual.subarray(offset, offset + FRAME), amplitudes);
      [f0[t], strength[t]] = sound ? strongest(amplitudes, lowest, highest) : [0, 0];
    }
  }
}

function strongest(amplitudes: Float64Array, lowest: number, highest: number): [number, number] {
  let best = -Infinity;
  let where = lowest;
  for (let f = lowest; f <= highest; f++) {
    let sum = defined(amplitudes[f]);
    for (let k = 2; k <= HARMONICS; k++)
      sum += defined(amplitudes[k * f]) - defined(amplitudes[Math.round((k - 0.5) * f)]);
    if (sum > best) {
      best = sum;
      where = f;
    }
  }
  return [where, best];
}

/**
 * Amplitudes at whole frequencies, by cubic interpolation. The bins of the transform are 3.9 Hz apart, a
 * fifteenth of the main lobe of the window.
 */
class ResidualSpectrum {
  private readonly window = blackmanWindow(FRAME);
  private readonly frame = new Float64Array(FRAME);
  private readonly re = new Float64Array(FFT_SIZE / 2 + 1);
  private readonly im = new Float64Array(FFT_SIZE / 2 + 1);
  private readonly magnitude = new Float64Array(FFT_SIZE / 2 + 1);

  /**
   * Computes the spectrum of a residual.
   * @param out [2501] receives the amplitude at 0, 1, .. 2500 Hz. The energies at all whole frequencies up to
   * 8 kHz add up to 1
   * @returns false, without changing `out`, for a residual of zeros
   */
  of(residual: Float64Array, out: Float64Array): boolean {
    const energy = this.windowed(residual);
    if (!(energy > 0)) return false;
    realFft(FFT_SIZE).forward(this.frame, this.re, this.im);
    const perHertz = FFT_SIZE / ANALYSIS_RATE;
    const unit = 1 / sqrt((ANALYSIS_RATE / 2) * energy);
    const bins = Math.ceil(TOP_FREQUENCY * perHertz) + 2;
    for (let k = 0; k <= bins; k++) {
      const [re, im] = [defined(this.re[k]), defined(this.im[k])];
      this.magnitude[k] = sqrt(re * re + im * im) * unit;
    }
    for (let f = 0; f <= TOP_FREQUENCY; f++) out[f] = cubic(this.magnitude, f * perHertz);
    return true;
  }

  /** Applies the window, subtracts the mean, and returns the energy. */
  private windowed(residual: Float64Array): number {
    let mean = 0;
    for (let i = 0; i < FRAME; i++) mean += this.frame[i] = defined(residual[i]) * defined(this.window[i]);
    mean /= FRAME;
    let energy = 0;
    for (let i = 0; i < FRAME; i++) {
      const value = defined(this.frame[i]) - mean;
      this.frame[i] = value;
      energy += value * value;
    }
    return energy;
  }
}

/** Interpolates with a Catmull-Rom spline, mirrored at 0. */
function cubic(values: Float64Array, position: number): number {
  const i = Math.floor(position);
  const t = position - i;
  const a = defined(values[Math.abs(i - 1)]);
  const b = defined(values[i]);
  const c = defined(values[i + 1]);
  const d = defined(values[i + 2]);
  return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}

function standardDeviation(values: Float64Array): number {
  if (values.length < 2) return 0;
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return sqrt(values.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / (values.length - 1));
}
