import { MediaError } from "../../../core/errors.js";
import type { AudioMedia } from "../../media.js";
import type { Problem } from "../../quality.js";
import { ALIGNER_RATE, recogniseSpeech } from "./recognise-speech.js";
import type { SpeechModel } from "./speech-model.js";
import { spokenWords } from "./spoken-words.js";

/**
 * Mean penalty per frame (10 ms) of the best match of a text with a sound at which a mismatch begins, and at
 * which its severity is 1. Chosen on clips that are cut out of read sentences: nearly all have less
 * than 24 with their own words, and about 30 or more with some words of another clip.
 */
const PENALTY = { begins: 20, spoils: 45 } as const;

/** Largest fraction of words without a pronunciation for which a comparison means something. */
const MOST_UNKNOWN = 0.5;

/** Code of the problem of a text that does not fit its sound. */
export const MISMATCH = "text.mismatch";

/** Comparison of a text with the speech of a sound. */
export interface TextFit {
  /**
   * Mean penalty per frame of 10 ms, at least 0; lower is better. Null if the text has no match in the sound,
   * or was not compared.
   */
  readonly penalty: number | null;
  /** The problem if the text does not fit the sound. */
  readonly problem?: Problem<typeof MISMATCH>;
}

/**
 * Measures how well an English text fits the speech of a sound. Uses PocketSphinx with a grammar that allows
 * exactly this text, as forced alignment does. A word that the dictionary does not have may sound like
 * anything. A text without words, or with more than half of its words unknown, is not compared.
 *
 * The comparison does not say which of the two is wrong. Noise and distortion also make the fit worse.
 * @param audio mono at {@link ALIGNER_RATE}
 * @throws MediaError "media.missing-tool"; "media.unsupported" for another sampling rate
 */
export async function textFit(
  audio: AudioMedia,
  text: string,
  model: SpeechModel,
  signal?: AbortSignal,
): Promise<TextFit> {
  if (audio.sampleRate !== ALIGNER_RATE)
    throw new MediaError(
      "media.unsupported",
      `a text is compared with sound at ${ALIGNER_RATE} Hz, not ${audio.sampleRate}`,
    );
  const said = spokenWords(text, model.knows);
  const unknown = said.filter(({ parts }) => parts.length === 0).length;
  const frames = (100 * audio.samples.length) / ALIGNER_RATE;
  if (said.length === 0 || frames < 1 || unknown > MOST_UNKNOWN * said.length) return { penalty: null };
  const soundEntries = model.sounds.map((sound) => `sound-${sound}`);
  const anything = `( ${soundEntries.join(" | ")} )+`;
  const entries = new Set(said.flatMap(({ parts }) => parts));
  const { score } = await recogniseSpeech(
    audio,
    {
      acoustic: model.acoustic,
      dictionary: [
        ...Array.from(entries, (entry) => model.pronunciations(entry)).flat(),
        ...model.sounds.map((sound, i) => `${soundEntries[i] ?? ""} ${sound}`),
      ],
      grammar: said.map(({ parts }) => (parts.length === 0 ? anything : parts.join(" "))).join(" "),
    },
    signal,
  );
  if (score === undefined) return { penalty: null, problem: mismatch(1, "its words are not in the sound") };
  const penalty = -score / frames;
  const severity = Math.min(1, (penalty - PENALTY.begins) / (PENALTY.spoils - PENALTY.begins));
  return severity > 0
    ? { penalty, problem: mismatch(severity, "its words do not fit the sound") }
    : { penalty };
}

function mismatch(severity: number, message: string): Problem<typeof MISMATCH> {
  return { code: MISMATCH, severity, message };
}
