import { ConfigError, EuarError } from "../../core/errors.js";
import type { ReadAsset } from "../asset.js";
import type { AdapterIdentity, ExtractedFeatures, FeatureExtractor } from "../feature-extractor.js";
import type { AudioMedia } from "../media.js";
import { type ActivityChoice, activityChoices, openActivity, soundMask } from "./activity/choose-activity.js";
import type { VoiceActivity } from "./activity/voice-activity.js";
import { audioQuality } from "./audio-quality.js";
import { COVAREP_WIDTH, covarepFeatures, covarepNames } from "./covarep-features.js";
import { ANALYSIS_RATE, frameCount, HOP } from "./frames.js";
import { prepareAudio } from "./prepare-audio.js";

export interface CovarepOptions {
  readonly readAsset: ReadAsset;
  /**
   * Method to find speech for the mask. Default "silero", which needs the packages onnxruntime-web and
   * @ricky0123/vad-web.
   */
  readonly vad?: ActivityChoice;
}

/**
 * Extracts COVAREP's 74 features every 10 ms, [T, 74]. docs/features-audio.md states which of them are exact.
 * The mask marks speech. Accepts sampling rates from 2 to 768 kHz, and resamples to 16 kHz.
 * @throws MediaError "media.missing-package"
 * @throws ConfigError "config.invalid"
 * @throws `extract` throws MediaError "media.unsupported", "media.too-large" as `prepareAudio`
 */
export async function createCovarepExtractor({
  readAsset,
  vad = "silero",
}: CovarepOptions): Promise<FeatureExtractor<AudioMedia>> {
  if (!activityChoices.includes(vad))
    throw new ConfigError(
      "config.invalid",
      `audio/covarep: vad must be one of ${activityChoices.join(", ")}, got ${vad}`,
    );
  const { activity, packages } = await openActivity(vad, readAsset);
  return new CovarepExtractor(
    { adapter: "audio/covarep", version: 1, packages, options: { vad }, width: COVAREP_WIDTH },
    activity,
  );
}

class CovarepExtractor implements FeatureExtractor<AudioMedia> {
  readonly featureNames = covarepNames;
  #closed = false;

  constructor(
    readonly identity: AdapterIdentity,
    private readonly activity: VoiceActivity | undefined,
  ) {}

  async extract(media: AudioMedia, signal?: AbortSignal): Promise<ExtractedFeatures> {
    if (this.#closed) throw new EuarError("internal", "the audio extractor was closed");
    signal?.throwIfAborted();
    const { samples, original, invalidShare } = prepareAudio(media);
    const speech = await this.activity?.detect(samples, signal);
    const quality = audioQuality({ samples, original, speech, invalidShare });
    const steps = frameCount(samples.length);
    const sequence =
      samples.length === 0 ? new Float32Array(COVAREP_WIDTH) : await covarepFeatures(samples, signal);
    return {
      steps,
      width: COVAREP_WIDTH,
      sequence,
      times: frameTimes(steps),
      mask: speech ?? soundMask(samples, steps),
      quality,
    };
  }

  close(): void {
    if (!this.#closed) this.activity?.close();
    this.#closed = true;
  }
}

/** Returns the times of the frames in seconds, [T, 2]. */
function frameTimes(steps: number): Float64Array {
  return Float64Array.from(
    { length: 2 * steps },
    (_, i) => ((Math.floor(i / 2) + (i % 2)) * HOP) / ANALYSIS_RATE,
  );
}
