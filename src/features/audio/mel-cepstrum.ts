import { defined } from "../../core/defined.js";
import { cos, log } from "../../core/math.js";
import { inverseMel, mel } from "./mel-scale.js";

/**
 * Cepstrum of a spectrum whose frequency axis is warped to mel: log X(f(m)) is read at equally spaced m and
 * expanded in cosines,
 *
 *   log X(f(m)) = c_0 + sum_k c_k cos(pi k m / m_max),
 *
 * so that c_0 is the mean log amplitude on the mel scale. This is COVAREP's MCEP and the last step of its
 * HMPDD (Fukada et al., "An adaptive algorithm for mel-cepstral analysis of speech", ICASSP 1992, has the
 * same with a bilinear warp).
 */
export class MelCepstrum {
  private readonly lower: Uint32Array;
  private readonly fraction: Float64Array;
  /** [order + 1, bins] weights of the cosine expansion. */
  private readonly basis: Float64Array;
  private readonly warped: Float64Array;

  /**
   * @param bins number of amplitudes from 0 to the Nyquist frequency, inclusive
   * @param rate sampling rate in Hz
   * @param order K, the last of the coefficients c_0 .. c_K
   */
  constructor(
    private readonly bins: number,
    rate: number,
    private readonly order: number,
  ) {
    const top = bins - 1;
    const nyquist = rate / 2;
    const positions = Float64Array.from({ length: bins }, (_, i) =>
      Math.min(top, (inverseMel((mel(nyquist) * i) / top) / nyquist) * top),
    );
    this.lower = Uint32Array.from(positions, (p) => Math.min(top - 1, Math.floor(p)));
    this.fraction = positions.map((p, i) => p - defined(this.lower[i]));
    this.warped = new Float64Array(bins);
    this.basis = Float64Array.from({ length: (order + 1) * bins }, (_, i) =>
      weight(Math.floor(i / bins), i % bins, top),
    );
  }

  /**
   * Computes the cepstrum of one spectrum.
   * @param amplitudes [bins] positive
   * @param out receives c_0 .. c_K from `offset` on
   */
  of(amplitudes: Float64Array, out: Float32Array, offset: number): void {
    const { bins, warped, basis } = this;
    for (let i = 0; i < bins; i++) {
      const k = defined(this.lower[i]);
      const t = defined(this.fraction[i]);
      warped[i] = log(defined(amplitudes[k]) * (1 - t) + defined(amplitudes[k + 1]) * t);
    }
    for (let c = 0; c <= this.order; c++) {
      let sum = 0;
      for (let i = 0; i < bins; i++) sum += defined(warped[i]) * defined(basis[c * bins + i]);
      out[offset + c] = sum;
    }
  }
}

/** Returns the weight of the trapezoidal rule for the cosine coefficients of a function on [0, top]. */
function weight(k: number, i: number, top: number): number {
  const end = i === 0 || i === top ? 0.5 : 1;
  return ((k === 0 ? 1 : 2) * end * cos((Math.PI * ((k * i) % (2 * top))) / top)) / top;
}
