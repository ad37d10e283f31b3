import { defined } from "../../core/defined.js";
import { ConfigError, MediaError } from "../../core/errors.js";
import { KIND_BYTES } from "../../data/formats/byte-source.js";
import type { AudioMedia } from "../media.js";
import { CLIP, misplacedMedium } from "../misplaced-medium.js";
import { BrowserClip } from "./browser-clip.js";
import { isPhaseInverted } from "./stereo.js";

/** Options of {@link decodeAudioInBrowser}. */
export interface BrowserAudioOptions {
  /** Sampling rate in Hz. Default 16000. */
  readonly sampleRate?: number | undefined;
  /** Longest sound in seconds; a longer one is an error. Default 600. */
  readonly maxSeconds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Decodes the sound of a file with Web Audio: mono (the mean of the channels), clipped to [-1, 1], as
 * `decodeAudio` does in Node.
 *
 * The browser decodes and resamples with its own filter, so the highest frequencies differ from those of
 * FFmpeg if the rate changes. It does not pad a stream that starts late.
 * @returns undefined for a file with a picture but without sound that the browser can decode
 * @throws MediaError "media.damaged", "media.unsupported", "media.too-large"
 * @throws ConfigError for a rate that the browser does not support
 */
export async function decodeAudioInBrowser(
  source: Blob,
  { sampleRate = 16000, maxSeconds = 600, signal }: BrowserAudioOptions = {},
  name = "the sound",
): Promise<AudioMedia | undefined> {
  const context = offlineContext(sampleRate);
  const decoded = await decode(context, source, name);
  signal?.throwIfAborted();
  if (decoded === undefined) return undefined;
  if (decoded.duration > maxSeconds) {
    throw new MediaError(
      "media.too-large",
      `${name} lasts ${decoded.duration.toFixed(1)} s; the limit is ${maxSeconds} s`,
      { hint: "Raise the limit on seconds if the memory allows it, or cut the clip into parts." },
    );
  }
  return { samples: mono(decoded), sampleRate };
}

function offlineContext(sampleRate: number): OfflineAudioContext {
  if (typeof OfflineAudioContext === "undefined") {
    throw new MediaError("media.unsupported", "sound cannot be decoded here: there is no Web Audio", {
      hint: "Decode it in the page (workers have none), and give the worker samples.",
    });
  }
  try {
    return new OfflineAudioContext(1, 1, sampleRate);
  } catch (cause) {
    throw new ConfigError(
      "config.invalid",
      `this browser does not support a sampling rate of ${sampleRate} Hz`,
      { hint: "Use 16000, which the adapters read.", cause },
    );
  }
}

async function decode(
  context: OfflineAudioContext,
  source: Blob,
  name: string,
): Promise<AudioBuffer | undefined> {
  try {
    return await context.decodeAudioData(await source.arrayBuffer());
  } catch (cause) {
    const head = new Uint8Array(await source.slice(0, KIND_BYTES).arrayBuffer());
    const misplaced = misplacedMedium(head, name, CLIP, cause);
    if (misplaced !== undefined) throw misplaced;
    // The browser gives no reason. A media element knows whether the file can be read at all, and whether it
    // has a picture.
    const clip = await BrowserClip.open(source, name);
    const { hasPicture } = clip;
    clip.close();
    if (hasPicture) return undefined;
    throw new MediaError("media.damaged", `${name} cannot be decoded by this browser`, {
      hint: "It is damaged, or its codec is unknown here. Convert it to wav, flac, mp3 or webm (Opus).",
      cause,
    });
  }
}

/**
 * Mean of the channels, clipped to [-1, 1]. For a pair of channels with opposite signs, half the difference.
 */
function mono(buffer: AudioBuffer): Float32Array {
  const { numberOfChannels, length } = buffer;
  const samples = new Float32Array(length);
  const signs = isInvertedPair(buffer) ? [1, -1] : [];
  for (let channel = 0; channel < numberOfChannels; channel++) {
    const values = buffer.getChannelData(channel);
    const weight = (signs[channel] ?? 1) / numberOfChannels;
    for (let i = 0; i < length; i++) samples[i] = defined(samples[i]) + defined(values[i]) * weight;
  }
  for (let i = 0; i < length; i++) samples[i] = Math.min(1, Math.max(-1, defined(samples[i])));
  return samples;
}

function isInvertedPair(buffer: AudioBuffer): boolean {
  if (buffer.numberOfChannels !== 2) return false;
  const [left, right] = [buffer.getChannelData(0), buffer.getChannelData(1)];
  let [sum, difference] = [0, 0];
  for (let i = 0; i < buffer.length; i++) {
    const [a, b] = [defined(left[i]), defined(right[i])];
    sum += (a + b) * (a + b);
    difference += (a - b) * (a - b);
  }
  return isPhaseInverted({ sum, difference });
}
