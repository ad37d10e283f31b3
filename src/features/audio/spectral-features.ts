import { defined } from "../../core/defined.js";
import { frameCentre, ANALYSIS_RATE } from "./frames.js";
import { HarmonicAnalysis } from "./harmonics.js";
import { MelCepstrum } from "./mel-cepstrum.js";
import { PhaseDistortion, PHASE_BINS } from "./phase-distortion.js";
import {
  DEVIATION_COEFFICIENTS,
  MEAN_COEFFICIENTS,
  PHASE_CONTEXT,
  PhaseStatistics,
} from "./phase-statistics.js";
import { TrueEnvelope } from "./true-envelope.js";

export const CEPSTRAL_COEFFICIENTS = 25;
/** Number of columns: MCEP_0 .. 24, HMPDM_0 .. 24, HMPDD_0 .. 12. */
export const SPECTRAL_WIDTH = CEPSTRAL_COEFFICIENTS + MEAN_COEFFICIENTS + DEVIATION_COEFFICIENTS;

/**
 * Size of the spectrum of the envelope: every fourth bin of the 4096-point spectrum. Bins are 15.6 Hz apart,
 * while the main lobe of a peak is at least 100 Hz wide.
 */
const ENVELOPE_SIZE = 1024;
const ENVELOPE_BINS = ENVELOPE_SIZE / 2 + 1;
/** F0 that COVAREP assumes for a frame without one. */
const DEFAULT_F0 = 100;

/**
 * Computes mel-cepstrum and phase distortion statistics from a harmonic analysis of each frame. Use one
 * object per clip at a time.
 */
export class SpectralFeatures {
  private readonly analysis = new HarmonicAnalysis();
  private readonly envelope = new TrueEnvelope(ENVELOPE_SIZE);
  private readonly cepstrum = new MelCepstrum(ENVELOPE_BINS, ANALYSIS_RATE, CEPSTRAL_COEFFICIENTS - 1);
  private readonly distortion = new PhaseDistortion();
  private readonly statistics = new PhaseStatistics();
  private readonly level = new Float64Array(ENVELOPE_BINS);
  private readonly amplitudes = new Float64Array(ENVELOPE_BINS);

  /**
   * Writes the columns of the frames from `from` to `to`. They do not depend on the division of a clip into
   * ranges.
   * @param signal [N] 16 kHz
   * @param f0 [T] Hz of every frame of the clip
   * @param out [T, width] receives the columns
   * @param column first of the columns
   */
  compute(
    signal: Float32Array,
    f0: Float64Array,
    from: number,
    to: number,
    out: Float32Array,
    width: number,
    column: number,
  ): void {
    const first = Math.max(0, from - PHASE_CONTEXT);
    const count = Math.min(f0.length, to + PHASE_CONTEXT) - first;
    const [re, im] = [new Float64Array(PHASE_BINS * count), new Float64Array(PHASE_BINS * count)];
    for (let i = 0; i < count; i++) {
      const t = first + i;
      const found = defined(f0[t]);
      const pitch = found > 0 ? found : DEFAULT_F0;
      this.analysis.analyse(signal, frameCentre(t), pitch);
      this.distortion.of(this.analysis.harmonics, pitch, re, im, i, count);
      if (t >= from && t < to) this.melCepstrum(pitch, out, t * width + column);
    }
    this.statistics.compute({ first, count, re, im }, from, to, (t, means, deviations) => {
      const at = t * width + column + CEPSTRAL_COEFFICIENTS;
      out.set(means, at);
      out.set(deviations, at + MEAN_COEFFICIENTS);
    });
  }

  private melCepstrum(f0: number, out: Float32Array, offset: number): void {
    for (let k = 0; k < ENVELOPE_BINS; k++) this.level[k] = this.analysis.logAmplitude(4 * k);
    this.envelope.of(this.level, Math.round((0.5 * ANALYSIS_RATE) / f0), this.amplitudes);
    this.cepstrum.of(this.amplitudes, out, offset);
  }
}
