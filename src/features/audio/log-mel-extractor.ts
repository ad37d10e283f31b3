import { z } from "zod";
import { ConfigError } from "../../core/errors.js";
import { defineAdapter } from "../adapter.js";
import { onnxPackages } from "../adapter-packages.js";
import type { AdapterIdentity, ExtractedFeatures, FeatureExtractor } from "../feature-extractor.js";
import type { AudioMedia } from "../media.js";
import { activityChoices, openActivity, soundMask } from "./activity/choose-activity.js";
import type { VoiceActivity } from "./activity/voice-activity.js";
import { audioQuality } from "./audio-quality.js";
import { ANALYSIS_RATE, frameCount, HOP } from "./frames.js";
import { bandStatistics, type LogMelOptions, logMelFrames, melFilters } from "./log-mel.js";
import { prepareAudio } from "./prepare-audio.js";

const options = z.strictObject({
  summary: z
    .enum(["frames", "statistics"])
    .default("frames")
    .describe("frames: one step every 10 ms; statistics: mean and deviation of each band, one step"),
  bands: z.int().min(4).max(128).default(40),
  low: z.number().min(0).max(4000).default(20).describe("Hz: lower edge of the first band"),
  high: z.number().min(1000).max(8000).default(8000).describe("Hz: upper edge of the last band"),
  vad: z.enum(activityChoices).default("none").describe("method to find speech for the mask"),
});

type Options = z.infer<typeof options>;

/**
 * Adapter for the log-mel spectrogram of any sound, or its statistics. Needs no package besides the decoder.
 */
export const logMelAdapter = defineAdapter({
  id: "audio/log-mel",
  kind: "audio",
  summary: "log-mel spectrogram every 10 ms, or the mean and deviation of its bands; of any sound",
  packages: ["@ricky0123/vad-web", ...onnxPackages], // for vad=silero
  options,
  create: async (chosen, { readAsset }) => {
    if (chosen.low >= chosen.high)
      throw new ConfigError("config.invalid", `audio/log-mel: low (${chosen.low}) is not below high`, {
        hint: "Both are frequencies in Hz.",
      });
    const { activity, packages } = await openActivity(chosen.vad, readAsset);
    return new LogMelExtractor(chosen, packages, activity);
  },
});

class LogMelExtractor implements FeatureExtractor<AudioMedia> {
  readonly identity: AdapterIdentity;
  private readonly filters: Float64Array;

  constructor(
    private readonly chosen: Options & LogMelOptions,
    packages: AdapterIdentity["packages"],
    private readonly activity: VoiceActivity | undefined,
  ) {
    this.filters = melFilters(chosen);
    const width = chosen.summary === "frames" ? chosen.bands : 2 * chosen.bands;
    this.identity = { adapter: logMelAdapter.id, version: 1, packages, options: { ...chosen }, width };
  }

  async extract(media: AudioMedia, signal?: AbortSignal): Promise<ExtractedFeatures> {
    signal?.throwIfAborted();
    const { samples, original, invalidShare } = prepareAudio(media);
    const speech = await this.activity?.detect(samples, signal);
    const quality = audioQuality({ samples, original, speech, invalidShare });
    const frames = frameCount(samples.length);
    const mask = speech ?? soundMask(samples, frames);
    const { bands, summary } = this.chosen;
    const spectrogram = logMelFrames(samples, bands, this.filters); // [T, bands]
    if (summary === "frames") {
      const sequence = mask.includes(1) ? spectrogram : new Float32Array(spectrogram.length);
      return { steps: frames, width: bands, sequence, times: frameTimes(frames), mask, quality };
    }
    return {
      steps: 1,
      width: 2 * bands,
      sequence: bandStatistics(spectrogram, bands, mask),
      times: Float64Array.of(0, samples.length / ANALYSIS_RATE),
      mask: Uint8Array.of(mask.includes(1) ? 1 : 0),
      quality,
    };
  }

  close(): void {
    this.activity?.close();
  }
}

/** Returns the times of the frames in seconds, [T, 2]. */
function frameTimes(steps: number): Float64Array {
  return Float64Array.from({ length: 2 * steps }, (_, i) => (Math.ceil(i / 2) * HOP) / ANALYSIS_RATE);
}
