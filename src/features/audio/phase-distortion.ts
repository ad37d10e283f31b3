import { defined } from "../../core/defined.js";
import { cos, log, sin } from "../../core/math.js";
import { wrapAngle } from "./arctangent.js";
import { realFft } from "../../signal/fft.js";
import { ANALYSIS_RATE } from "./frames.js";
import type { Harmonics } from "./harmonics.js";

const SIZE = 1024;
/** Number of frequencies 0, 15.625 .. 8000 Hz at which phase distortion is given. */
export const PHASE_BINS = SIZE / 2 + 1;
const BIN_WIDTH = ANALYSIS_RATE / SIZE;
/** Fraction of F0 below which there is no harmonic, and phase distortion is 0. */
const BELOW_FIRST = 0.95;

/**
 * Phase distortion of a frame (Degottex & Erro, "A uniform phase representation for the harmonic model in
 * speech synthesis applications", EURASIP J. Audio, Speech, Music Proc. 2014:38): the minimum phase of the
 * amplitude envelope is taken from the harmonics' phases phi_k, and what is left of the relative phase shift
 * is differentiated,
 *
 *   PD_k = wrap(phi_{k+1} - phi_k - phi_1),   k >= 1;   PD_0 = 0.
 *
 * It depends on the shape of the glottal pulse, not on where in the period the frame lies. PD_k stands at (k
 * + 1) F0 and is joined linearly between.
 */
export class PhaseDistortion {
  private readonly envelope = new Float64Array(PHASE_BINS);
  private readonly cepstrum = new Float64Array(PHASE_BINS);
  private readonly causal = new Float64Array(SIZE);
  private readonly discarded = new Float64Array(PHASE_BINS);
  private readonly minimumPhase = new Float64Array(PHASE_BINS);
  private readonly distortion = new Float64Array(PHASE_BINS);

  /**
   * Computes the phase distortion of a frame.
   * @param f0 Hz
   * @param re receives the cosine of the phase distortion at bin b in element `offset + b stride`
   * @param im receives the sines
   */
  of(harmonics: Harmonics, f0: number, re: Float64Array, im: Float64Array, offset = 0, stride = 1): void {
    this.findMinimumPhase(harmonics);
    this.differentiate(harmonics);
    for (let i = 0; i < PHASE_BINS; i++) {
      const angle = this.at((i * BIN_WIDTH) / f0, harmonics.count);
      re[offset + i * stride] = angle === 0 ? 1 : cos(angle);
      im[offset + i * stride] = angle === 0 ? 0 : sin(angle);
    }
  }

  /**
   * Computes the minimum phase. The causal half of the cepstrum of an amplitude response is the cepstrum of
   * its minimum phase response.
   */
  private findMinimumPhase(harmonics: Harmonics): void {
    const fft = realFft(SIZE);
    interpolateLog(harmonics, this.envelope);
    fft.symmetric(this.envelope, this.cepstrum);
    this.causal.fill(0);
    for (let n = 1; n < SIZE / 2; n++) this.causal[n] = (2 * defined(this.cepstrum[n])) / SIZE;
    fft.forward(this.causal, this.discarded, this.minimumPhase);
  }

  /** Sets distortion[k] = PD_k, unwrapped along k. */
  private differentiate(harmonics: Harmonics): void {
    const { count, spacing, phase } = harmonics;
    const source = (k: number): number =>
      defined(phase[k - 1]) - readAt(this.minimumPhase, (k * spacing) / BIN_WIDTH);
    const first = count > 0 ? source(1) : 0;
    let previous = first;
    this.distortion[0] = 0;
    for (let k = 1; k < count; k++) {
      const next = source(k + 1);
      const before = defined(this.distortion[k - 1]);
      this.distortion[k] = before + wrapAngle(next - previous - first - before);
      previous = next;
    }
  }

  /**
   * Returns the phase distortion at a frequency in units of F0; above the last harmonic, that of the last.
   */
  private at(position: number, count: number): number {
    if (position <= BELOW_FIRST || count === 0) return 0;
    const k = Math.max(0, position - 1);
    return readAt(this.distortion, Math.min(k, count - 1));
  }
}

/** Interpolates the log amplitudes of the harmonics linearly; constant below the first and above the last. */
function interpolateLog(harmonics: Harmonics, out: Float64Array): void {
  const { count, spacing, amplitude } = harmonics;
  let k = 0;
  let [left, right] = [0, count > 0 ? log(defined(amplitude[0])) : 0];
  for (let i = 0; i < out.length; i++) {
    const position = (i * BIN_WIDTH) / spacing - 1;
    while (k < count && position >= k) {
      k += 1;
      left = right;
      if (k < count) right = log(defined(amplitude[k]));
    }
    out[i] = k === 0 ? right : left + (right - left) * (position - (k - 1));
  }
}

/** Interpolates linearly, clamped to the ends. */
function readAt(values: Float64Array, position: number): number {
  const p = Math.min(Math.max(position, 0), values.length - 1);
  const i = Math.min(Math.floor(p), values.length - 2);
  const a = defined(values[i]);
  return a + (p - i) * (defined(values[i + 1]) - a);
}
