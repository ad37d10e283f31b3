import { isRecord } from "../../core/is-record.js";
import { textDamages } from "../../corruption/text/text-damages.js";
import { blankWords, wordNoises } from "../../corruption/word-noise.js";
import { presetNamed } from "../../corruption/noise-preset.js";
import type { TextMedia } from "../media.js";
import type { Medium } from "../medium.js";
import { textAdapters } from "./text-adapters.js";
import { textProblems } from "./text-problems.js";

export const textMedium = {
  kind: "text",
  modality: "text",
  adapters: textAdapters,
  problems: textProblems,
  /** Returns true for a text, with or without the times of its words. */
  isMedia: (value): value is TextMedia => isRecord(value) && typeof value["text"] === "string",
  /** Makes the medium from a string. */
  ofText: (text) => ({ text }),
  tools: [],
  damages: textDamages,
  noise: {
    presets: Object.keys(wordNoises),
    /** Replaces words by "_". */
    apply: (media, preset, epsilon, draw) => ({
      ...media,
      text: blankWords(media.text, presetNamed(wordNoises, preset), epsilon, draw),
    }),
  },
} as const satisfies Medium<"text">;
