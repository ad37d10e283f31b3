import { isRecord } from "../../core/is-record.js";
import { soundDamages } from "../../corruption/sound/sound-damages.js";
import type { AudioMedia } from "../media.js";
import type { Medium } from "../medium.js";
import { audioAdapters } from "./audio-adapters.js";
import { audioProblems } from "./audio-problems.js";

declare module "../adapter.js" {
  interface MediaByKind {
    readonly audio: AudioMedia;
  }
}

export const audioMedium = {
  kind: "audio",
  modality: "audio",
  adapters: audioAdapters,
  problems: audioProblems,
  /** Returns true for samples with their rate. */
  isMedia: (value): value is AudioMedia =>
    isRecord(value) && value["samples"] instanceof Float32Array && typeof value["sampleRate"] === "number",
  /** Decodes the sound of a file. */
  decode: (file, settings, signal) => file.sound(settings, signal),
  /** Returns the sound stream of a probed file. */
  stream: ({ audio }) => audio,
  tools: ["ffmpeg", "ffprobe"],
  damages: soundDamages,
  /** Returns the length of a sound in seconds. */
  secondsOf: ({ samples, sampleRate }) => samples.length / sampleRate,
} as const satisfies Medium<"audio">;
