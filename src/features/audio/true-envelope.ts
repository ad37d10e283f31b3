import { defined } from "../../core/defined.js";
import { exp, log, sqrt } from "../../core/math.js";
import { realFft } from "../../signal/fft.js";
import { hammingWindow } from "./windows.js";

/** Largest distance of the envelope below a spectral peak, in log amplitude: 2 dB. */
const TOLERANCE = (2 / 20) * log(10);
const MOST_ITERATIONS = 200;

/**
 * Finds the spectral envelope through the peaks of a log spectrum by the True Envelope iteration (Röbel &
 * Rodet, "Efficient spectral envelope estimation", DAFx 2005, Eqs. 2-5). Smooths the spectrum in the cepstral
 * domain, raises it to the smoothed curve where it is lower, and repeats until no peak is more than 2 dB
 * above the envelope.
 *
 * As in COVAREP, the cepstral window is Hamming of 1.2 times the order. The bins next to 0 Hz and to the
 * Nyquist frequency are first replaced by an envelope of half the order.
 */
export class TrueEnvelope {
  private readonly bins: number;
  private readonly target: Float64Array;
  private readonly raised: Float64Array;
  private readonly cepstrum: Float64Array;
  private readonly smoothed: Float64Array;
  private readonly padded: Float64Array;
  private readonly windows = new Map<number, Float64Array>();

  /** @param size length of the whole spectrum, a power of two */
  constructor(private readonly size: number) {
    this.bins = size / 2 + 1;
    const make = (): Float64Array => new Float64Array(this.bins);
    [this.target, this.raised, this.cepstrum, this.smoothed, this.padded] = [
      make(),
      make(),
      make(),
      make(),
      make(),
    ];
  }

  /**
   * Computes the envelope of one spectrum.
   * @param logAmplitudes [size/2 + 1] natural log of the amplitudes
   * @param order cepstral order; harmonics at F0 resolve at most half the sampling rate divided by F0
   * @param out [size/2 + 1] receives amplitudes, not logarithms
   */
  of(logAmplitudes: Float64Array, order: number, out: Float64Array): void {
    const last = this.bins - 1;
    const length = Math.max(1, Math.min(Math.round(1.2 * order), last - 1));
    this.target.set(logAmplitudes);
    const edge = Math.min(Math.round((0.25 * this.size) / length), this.bins);
    this.iterate(Math.max(1, Math.min(Math.round(1.2 * Math.round(length / 2)), last - 1)));
    for (let i = 0; i < edge; i++) {
      this.target[i] = defined(this.smoothed[i]);
      if (i < edge - 1) this.target[last - i] = defined(this.smoothed[last - i]);
    }
    this.iterate(length);
    for (let i = 0; i <= last; i++) out[i] = exp(defined(this.smoothed[i]));
  }

  /** Writes the envelope of `target`, in logarithms, to `smoothed`. */
  private iterate(length: number): void {
    const { bins, target, raised, smoothed } = this;
    const window = this.cepstralWindow(length);
    raised.set(target);
    this.padded.fill(0);
    for (let n = 0; n < MOST_ITERATIONS; n++) {
      this.smooth(window);
      let worst = -Infinity;
      for (let i = 0; i < bins; i++) {
        const level = defined(smoothed[i]);
        if (level > defined(raised[i])) raised[i] = level;
        worst = Math.max(worst, defined(target[i]) - level);
      }
      if (worst <= TOLERANCE) return;
    }
  }

  /**
   * Performs one step of Eq. 5: moves the cepstrum towards that of the raised spectrum. The step compensates
   * for the energy that the window removes.
   */
  private smooth(window: Float64Array): void {
    const { size, bins, cepstrum, padded } = this;
    const fft = realFft(size);
    fft.symmetric(this.raised, cepstrum);
    const length = window.length - 1;
    let inside = (defined(cepstrum[0]) / size) ** 2;
    let outside = 0;
    for (let k = 1; k < bins - 1; k++) {
      const energy = ((2 * defined(cepstrum[k])) / size) ** 2;
      if (k <= length) inside += energy;
      else outside += energy;
    }
    const step = inside > 0 ? 1 + sqrt(outside / inside) : 1;
    for (let k = 0; k <= length; k++) {
      const old = defined(padded[k]);
      padded[k] = old + step * defined(window[k]) * (defined(cepstrum[k]) / size - old);
    }
    fft.symmetric(padded, this.smoothed);
  }

  /** Returns the right half of a Hamming window, [length + 1]. */
  private cepstralWindow(length: number): Float64Array {
    let window = this.windows.get(length);
    if (window === undefined)
      this.windows.set(length, (window = hammingWindow(2 * length + 1).subarray(length)));
    return window;
  }
}
