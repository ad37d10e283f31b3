import { defined } from "../../../core/defined.js";
import { DataError, ShapeError } from "../../../core/errors.js";
import { hammingWindow } from "../windows.js";
import { amplitudeQuotients } from "./amplitude-quotients.js";
import { closureInstants, medianVoicedF0 } from "./closure-instants.js";
import type { InstantValue } from "./frame-values.js";
import { atFrames } from "./frame-values.js";
import { harmonicDifference } from "./harmonic-difference.js";
import { glottalFlow } from "./inverse-filtering.js";
import { lpResidual } from "./lp-residual.js";
import { maximaDispersion } from "./maxima-dispersion.js";
import { fastestDecay, parabolicSpectralParameter } from "./parabolic-spectrum.js";
import { peakSlope } from "./peak-slope.js";
import { polarity } from "./polarity.js";
import type { Pulse } from "./pulses.js";
import { pulsesBetween } from "./pulses.js";
import { remembered } from "./remembered.js";
import { ShapeByPhase } from "./shape-by-phase.js";

/** Columns of `glottalFeatures`, with COVAREP's names in its order. */
export const glottalFeatureNames = [
  "NAQ",
  "QOQ",
  "H1H2",
  "PSP",
  "MDQ",
  "peakSlope",
  "Rd",
  "Rd_conf",
] as const;

/** Range of F0 of voice in Hz, as in COVAREP. */
const LOWEST_F0 = 50;
const HIGHEST_F0 = 500;

/**
 * Computes COVAREP's glottal source features (Degottex, Kane, Drugman, Raitio & Scherer, "COVAREP - A
 * collaborative voice analysis repository for speech technologies", ICASSP 2014). The file with the name of a
 * feature defines it. docs/features-audio-glottal.md lists the differences.
 *
 * Finds the polarity of the recording first, so that an inverted signal has the same features. Loudness does
 * not matter either. Values per glottal cycle are interpolated to the frames. All are 0 in unvoiced frames,
 * where they have no meaning. A frame is voiced if vuv is not 0 and F0 is in [50, 500] Hz. Frames beyond the
 * end of the samples have finite but arbitrary values.
 *
 * Time is linear in the number of samples. Memory is about ten Float64 per sample, so pass minutes, not
 * hours.
 * @param samples mono, 16 kHz, finite
 * @param f0 [T] Hz; frame t is centred at 10 t ms
 * @param vuv [T] 0 = unvoiced
 * @returns [T, 8], row-major, finite
 * @throws ShapeError if f0 and vuv differ in length
 * @throws DataError "data.invalid-value" for a sample that is not finite
 */
export function glottalFeatures(samples: Float32Array, f0: Float64Array, vuv: Uint8Array): Float64Array {
  checkInput(samples, f0, vuv);
  const voiced = vuv.map((flag, t) =>
    flag !== 0 && defined(f0[t]) >= LOWEST_F0 && defined(f0[t]) <= HIGHEST_F0 ? 1 : 0,
  );
  if (!voiced.includes(1)) return new Float64Array(vuv.length * glottalFeatureNames.length);
  const { speech, residual } = uprightSpeech(Float64Array.from(samples), voiced);
  const closures = closureInstants(speech, residual, medianVoicedF0(f0, voiced), voiced);
  return interleave([
    ...cycleFeatures(speech, residual, closures, voiced),
    peakSlope(speech, voiced),
    ...shapeFeatures(speech, f0, voiced),
  ]);
}

function checkInput(samples: Float32Array, f0: Float64Array, vuv: Uint8Array): void {
  if (f0.length !== vuv.length)
    throw new ShapeError(
      `glottal features need f0 and vuv of the same frames [T], got ${f0.length} and ${vuv.length}`,
    );
  const bad = samples.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new DataError(
      "data.invalid-value",
      `glottal features need finite samples, got ${defined(samples[bad])} at sample ${bad}`,
      {
        hint: "Replace such samples, or decode the sound again.",
      },
    );
  }
}

function uprightSpeech(
  speech: Float64Array,
  voiced: Uint8Array,
): { speech: Float64Array; residual: Float64Array } {
  const residual = lpResidual(speech, speech, voiced);
  const sign = polarity(speech, residual, voiced);
  return { speech: speech.map((value) => sign * value), residual: residual.map((value) => sign * value) };
}

/** Computes NAQ, QOQ, H1H2, PSP and MDQ, each [T]. */
function cycleFeatures(
  speech: Float64Array,
  residual: Float64Array,
  closures: readonly number[],
  voiced: Uint8Array,
): Float64Array[] {
  const glottal = glottalFlow(speech, closures);
  const pulses = pulsesBetween(closures);
  const quotients = pulses.map((pulse) => amplitudeQuotients(glottal, pulse));
  const windowOf = remembered(hammingWindow);
  const fastestOf = remembered(fastestDecay);
  const columns: (number | undefined)[][] = [
    quotients.map((quotient) => quotient?.naq),
    quotients.map((quotient) => quotient?.qoq),
    pulses.map((pulse) => harmonicDifference(glottal.derivative, pulse, windowOf)),
    pulses.map((pulse) => parabolicSpectralParameter(glottal.flow, pulse, fastestOf)),
    pulses.map((pulse) => maximaDispersion(residual, pulse)),
  ];
  return columns.map((column) => atFrames(instantValues(pulses, column), voiced));
}

/** Assigns the value of a cycle to the closure that ends it. Skips cycles without a value. */
function instantValues(pulses: readonly Pulse[], values: readonly (number | undefined)[]): InstantValue[] {
  return pulses.flatMap((pulse, i) => {
    const value = values[i];
    return value === undefined ? [] : [{ sample: pulse.end, value }];
  });
}

/** Computes Rd and Rd_conf, each [T]. */
function shapeFeatures(
  speech: Float64Array,
  f0: Float64Array,
  voiced: Uint8Array,
): [Float64Array, Float64Array] {
  const shapes = new ShapeByPhase();
  const rd = new Float64Array(voiced.length);
  const confidence = new Float64Array(voiced.length);
  for (let t = 0; t < voiced.length; t++) {
    if (voiced[t] === 0) continue;
    const estimate = shapes.estimate(speech, t, defined(f0[t]));
    rd[t] = estimate?.rd ?? 0;
    confidence[t] = estimate?.confidence ?? 0;
  }
  return [rd, confidence];
}

/** Combines columns of [T] each into one [T, columns]. */
function interleave(columns: readonly Float64Array[]): Float64Array {
  const frames = defined(columns[0]).length;
  const rows = new Float64Array(frames * columns.length);
  columns.forEach((column, c) => {
    column.forEach((value, t) => {
      rows[t * columns.length + c] = value;
    });
  });
  return rows;
}
