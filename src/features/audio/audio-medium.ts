import { isRecord } from "../../core/is-record.js";
import { soundDamages } from "../../corruption/sound/sound-damages.js";
import { browserDecoders } from "../decode/browser-decoders.js";
import { mediumNames } from "../../data/medium-names.js";
import type { AudioMedia } from "../media.js";
import type { Medium } from "../medium.js";
import { audioAdapters } from "./audio-adapters.js";
import { audioProblems } from "./audio-problems.js";

export const audioMedium = {
  kind: "audio",
  names: mediumNames.audio,
  adapters: audioAdapters,
  problems: audioProblems,
  /** Returns true for samples with their rate. */
  isMedia: (value): value is AudioMedia =>
    isRecord(value) && value["samples"] instanceof Float32Array && typeof value["sampleRate"] === "number",
  decoders: {
    /** Decodes the sound of a file by FFmpeg. */
    node: async (file, { onNote }, signal) => {
      const { decodeAudio } = await import("../decode/ffmpeg-audio.js");
      return decodeAudio(file.path, { probe: await file.probe(signal), onNote, signal });
    },
    browser: browserDecoders.audio,
  },
  /** Returns the sound stream of a probed file. */
  stream: ({ audio }) => audio,
  tools: ["ffmpeg", "ffprobe"],
  damages: soundDamages,
  /** Returns the length of a sound in seconds. */
  secondsOf: ({ samples, sampleRate }) => samples.length / sampleRate,
} as const satisfies Medium<"audio">;
