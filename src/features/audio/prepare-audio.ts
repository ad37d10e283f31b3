import { MediaError } from "../../core/errors.js";
import type { AudioMedia } from "../media.js";
import { ANALYSIS_RATE } from "./frames.js";
import { checkSamplingRate, resample } from "../../signal/resample.js";

/** Hours of sound that are read; more needs gigabytes. */
const LONGEST_HOURS = 4;

export interface PreparedAudio {
  /** [N] 16 kHz, finite. */
  readonly samples: Float32Array;
  /** The samples at the rate they came with, finite. */
  readonly original: Float32Array;
  /** Share of the samples that were no finite numbers and were replaced by 0. */
  readonly invalidShare: number;
}

/**
 * A sound as the analyses need it: finite, at 16 kHz. Nothing is copied where nothing has to be changed.
 * @throws MediaError "media.unsupported" for a sampling rate outside 2 to 768 kHz, "media.too-large" for more
 * than four hours
 */
export function prepareAudio({ samples, sampleRate }: AudioMedia): PreparedAudio {
  checkSamplingRate(sampleRate);
  const hours = samples.length / sampleRate / 3600;
  if (hours > LONGEST_HOURS) {
    throw new MediaError(
      "media.too-large",
      `a sound of ${hours.toFixed(1)} hours was found, at most ${LONGEST_HOURS} hours are read at once`,
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
