import { cos, exp, sin } from "../../../core/math.js";

/**
 * The LF model of the derivative of glottal flow (Fant, Liljencrants & Lin, "A four-parameter model of
 * glottal flow", STL-QPSR 26(4), 1985), for a period of 1 and a negative peak of -1 at the instant `te` of
 * main excitation:
 *
 *   e(t) = amplitude exp(alpha t) sin(omega t)                                             0 <= t <= te
 *   e(t) = -(exp(-epsilon (t - te)) - exp(-epsilon (1 - te))) / (epsilon ta)              te <  t <= 1
 */
export interface LfPulse {
  /** Instant of the greatest flow. */
  readonly tp: number;
  /** Instant of the negative peak, at which the folds close. */
  readonly te: number;
  /** Time constant of the return phase. */
  readonly ta: number;
  readonly alpha: number;
  readonly omega: number;
  readonly epsilon: number;
  readonly amplitude: number;
}

/** Range in which the regression of Fant (1995) holds and this file is tested. */
export const smallestRd = 0.3;
export const largestRd = 2.5;

/**
 * Returns the pulse of the shape parameter Rd, from tense (0.3) to breathy (2.5): Fant, "The LF-model
 * revisited. Transformations and frequency domain analysis", STL-QPSR 36(2-3), 1995, eqs. 2 to 4. `alpha`
 * makes the flow return to zero at the end of the period, `epsilon` makes the return phase continuous.
 */
export function lfPulse(rd: number): LfPulse {
  const ta = (4.8 * rd - 1) / 100;
  const skew = (22.4 + 11.8 * rd) / 100;
  const tp = (2 * ((0.11 * rd) / (0.5 + 1.2 * skew) - ta)) / skew;
  const te = tp * (1 + skew);
  const omega = Math.PI / tp;
  const epsilon = returnRate(ta, 1 - te);
  const alpha = growthRate(te, omega, returnArea(ta, 1 - te, epsilon));
  return { tp, te, ta, alpha, omega, epsilon, amplitude: -1 / (exp(alpha * te) * sin(omega * te)) };
}

/**
 * Finds the root of epsilon ta = 1 - exp(-epsilon duration) other than 0, by Newton's method from above,
 * where it is monotone.
 */
function returnRate(ta: number, duration: number): number {
  let epsilon = 1 / ta;
  for (let step = 0; step < 30; step++) {
    const decay = exp(-epsilon * duration);
    epsilon -= (epsilon * ta - 1 + decay) / (ta - duration * decay);
  }
  return epsilon;
}

/** Returns the integral of the return phase; negative. */
function returnArea(ta: number, duration: number, epsilon: number): number {
  const decay = exp(-epsilon * duration);
  return -((1 - decay) / epsilon - duration * decay) / (epsilon * ta);
}

/**
 * Finds the alpha at which the open phase has the area `-area`, by bisection. The area falls as alpha rises.
 */
function growthRate(te: number, omega: number, area: number): number {
  const sine = sin(omega * te);
  const cosine = cos(omega * te);
  const openArea = (alpha: number): number =>
    -(alpha * sine - omega * cosine + omega * exp(-alpha * te)) / (sine * (alpha * alpha + omega * omega));
  let low = -20;
  let high = 200;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (openArea(middle) > -area) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

export interface Complex {
  readonly re: number;
  readonly im: number;
}

/**
 * Returns the Fourier coefficient of e(t) at `harmonic` >= 1: the integral over the period of e(t) exp(-2 pi
 * i harmonic t) dt, both phases in closed form (as in Doval, d'Alessandro & Henrich, "The spectrum of glottal
 * flow models", Acta Acustica 92(6), 2006).
 */
export function lfHarmonic(pulse: LfPulse, harmonic: number): Complex {
  const open = openHarmonic(pulse, 2 * Math.PI * harmonic);
  const back = returnHarmonic(pulse, 2 * Math.PI * harmonic);
  return { re: open.re + back.re, im: open.im + back.im };
}

/**
 * Returns amplitude (exp(z te) (z sin(omega te) - omega cos(omega te)) + omega) / (z^2 + omega^2), with z =
 * alpha - i w.
 */
function openHarmonic({ te, alpha, omega, amplitude }: LfPulse, w: number): Complex {
  const growth = amplitude * exp(alpha * te);
  const sine = sin(omega * te);
  const inner = { re: alpha * sine - omega * cos(omega * te), im: -w * sine };
  const turned = multiply(inner, { re: growth * cos(w * te), im: -growth * sin(w * te) });
  return divide(
    { re: turned.re + amplitude * omega, im: turned.im },
    { re: alpha * alpha - w * w + omega * omega, im: -2 * alpha * w },
  );
}

/**
 * Returns -exp(-i w te) / (epsilon ta) ((1 - exp(-(epsilon + i w) d)) / (epsilon + i w) - exp(-epsilon d) (1
 * - exp(-i w d)) / (i w)), with d = 1 - te.
 */
function returnHarmonic({ te, ta, epsilon }: LfPulse, w: number): Complex {
  const duration = 1 - te;
  const decay = exp(-epsilon * duration);
  const c = cos(w * duration);
  const s = sin(w * duration);
  const fall = divide({ re: 1 - decay * c, im: decay * s }, { re: epsilon, im: w });
  const offset = { re: (decay * s) / w, im: (-decay * (1 - c)) / w };
  const scale = -1 / (epsilon * ta);
  return multiply(
    { re: fall.re - offset.re, im: fall.im - offset.im },
    { re: scale * cos(w * te), im: -scale * sin(w * te) },
  );
}

function multiply(a: Complex, b: Complex): Complex {
  return { re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re };
}

function divide(a: Complex, b: Complex): Complex {
  const size = b.re * b.re + b.im * b.im;
  return { re: (a.re * b.re + a.im * b.im) / size, im: (a.im * b.re - a.re * b.im) / size };
}
