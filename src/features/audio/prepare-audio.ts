import { MediaError } from "../../core/errors.js";
import type { AudioMedia } from "../media.js";
import { ANALYSIS_RATE } from "./frames.js";
import { checkSamplingRate, resample } from "../../signal/resample.js";

/** Longest sound in hours. More needs gigabytes. */
const LONGEST_HOURS = 4;

export interface PreparedAudio {
  /** [N] samples at 16 kHz, finite. */
  readonly samples: Float32Array;
  /** Samples at their original rate, finite. */
  readonly original: Float32Array;
  /** Fraction of samples that were not finite and became 0. */
  readonly invalidShare: number;
}

/**
 * Prepares a sound for the analyses: finite, at 16 kHz. Copies only if something changes.
 * @throws MediaError "media.unsupported" for a sampling rate outside 2 to 768 kHz, "media.too-large" for more
 * than four hours
 */
export function prepareAudio({ samples, sampleRate }: AudioMedia): PreparedAudio {
  checkSamplingRate(sampleRate);
  const hours = samples.length / sampleRate / 3600;
  if (hours > LONGEST_HOURS) {
    throw new MediaError(
      "media.too-large",
      `the sound lasts ${hours.toFixed(1)} hours, but at most ${LONGEST_HOURS} hours are read at once`,
      {
        hint: "Cut it into clips first, for example: ffmpeg -i IN -f segment -segment_time 600 OUT%03d.wav",
      },
    );
  }
  const invalid = samples.reduce((count, x) => count + (Number.isFinite(x) ? 0 : 1), 0);
  const original = invalid === 0 ? samples : samples.map((x) => (Number.isFinite(x) ? x : 0));
  return {
    original,
    samples: resample(original, sampleRate, ANALYSIS_RATE),
    invalidShare: samples.length === 0 ? 0 : invalid / samples.length,
  };
}
