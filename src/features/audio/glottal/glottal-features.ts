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

/** Columns of `glottalFeatures`: COVAREP's names, in its order. */
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

/** F0 outside this range (Hz) is not taken for voice, as in COVAREP. */
const LOWEST_F0 = 50;
const HIGHEST_F0 = 500;

/**
 * COVAREP's glottal source features (Degottex, Kane, Drugman, Raitio & Scherer, "COVAREP - A collaborative
 * voice analysis repository for speech technologies", ICASSP 2014); each is defined in the file of its name,
 * and docs/features-audio-glottal.md lists the differences.
 * The polarity of the recording is found first, so that a signal turned upside down has the same features;
 * loudness does not matter either.
 * What is measured once a glottal cycle is interpolated to the frames. All are 0 in unvoiced frames, where
 * none of them means anything. A voiced frame is one with vuv other than 0 and F0 in [50, 500] Hz; frames
 * beyond the end of the samples have no defined values, but finite ones.
 *
 * Time is linear in the number of samples; some ten Float64 per sample are held, so pass minutes, not hours.
 * @param samples mono, 16 kHz, finite
 * @param f0 [T] Hz; frame t is centred at 10 t ms
 * @param vuv [T] 0 = unvoiced
 * @returns [T, 8], row-major, finite
 * @throws ShapeError if f0 and vuv differ in length; DataError "data.invalid-value" for a sample that is not
 * finite
 */
export function glottalFeatures(samples: Float32Array, f0: Float64Array, vuv: Uint8Array): Float64Array {
  checkInput(samples, f0, vuv);
  const voiced = vuv.map((flag, t) =>
    flag !== 0 && (f0[t] ?? 0) >= LOWEST_F0 && (f0[t] ?? 0) <= HIGHEST_F0 ? 1 : 0,
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
      `glottal features need finite samples, got ${samples[bad] ?? NaN} at sample ${bad}`,
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

/** NAQ, QOQ, H1H2, PSP, MDQ; each [T]. */
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

/** A cycle's value counts at the closure that ends it; cycles without one are passed over. */
function instantValues(pulses: readonly Pulse[], values: readonly (number | undefined)[]): InstantValue[] {
  return pulses.flatMap((pulse, i) => {
    const value = values[i];
    return value === undefined ? [] : [{ sample: pulse.end, value }];
  });
}

/** Rd and Rd_conf; each [T]. */
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
    const estimate = shapes.estimate(speech, t, f0[t] ?? 0);
    rd[t] = estimate?.rd ?? 0;
    confidence[t] = estimate?.confidence ?? 0;
  }
  return [rd, confidence];
}

/** Columns of [T] each to one [T, columns]. */
function interleave(columns: readonly Float64Array[]): Float64Array {
  const frames = columns[0]?.length ?? 0;
  const rows = new Float64Array(frames * columns.length);
  columns.forEach((column, c) => {
    column.forEach((value, t) => {
      rows[t * columns.length + c] = value;
    });
  });
  return rows;
}
