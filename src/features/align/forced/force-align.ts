import { defined } from "../../../core/defined.js";
import { MediaError } from "../../../core/errors.js";
import type { AudioMedia, Word } from "../../media.js";
import { ALIGNER_RATE, type PlacedEntry, recogniseSpeech } from "./recognise-speech.js";
import type { SpeechModel } from "./speech-model.js";
import { type SpokenWord, spokenWords } from "./spoken-words.js";

export interface ForcedAlignment {
  /** Words in order, without those missing in the dictionary. */
  readonly words: readonly Word[];
  /** Words of the text without a time. */
  readonly unknown: readonly string[];
}

/**
 * Finds the times of the words of an English text in a sound. Uses PocketSphinx with a grammar that allows
 * exactly this text, with pauses anywhere (the usual forced alignment). A wrong text is aligned as well as
 * possible.
 * @param audio mono at {@link ALIGNER_RATE}
 * @param name for messages
 * @throws MediaError "media.missing-tool"
 * @throws MediaError "media.unsupported" if no word of the text is in the dictionary
 * @throws MediaError "media.damaged" if the text does not fit into the sound
 */
export async function forceAlign(
  audio: AudioMedia,
  text: string,
  name: string,
  model: SpeechModel,
  signal?: AbortSignal,
): Promise<ForcedAlignment> {
  if (audio.sampleRate !== ALIGNER_RATE)
    throw new MediaError(
      "media.unsupported",
      `${name}: alignment needs sound at ${ALIGNER_RATE} Hz, not ${audio.sampleRate}`,
    );
  const said = spokenWords(text, model.knows);
  const known = said.filter(({ parts }) => parts.length > 0);
  if (known.length === 0)
    throw new MediaError(
      "media.unsupported",
      `${name}: no word of its text is in the pronouncing dictionary`,
      { hint: "Alignment knows English words only." },
    );
  const entries = known.flatMap(({ parts }) => parts);
  const { times } = await recogniseSpeech(
    audio,
    { acoustic: model.acoustic, dictionary: model.dictionary, grammar: entries.join(" ") },
    signal,
  );
  if (times.length !== entries.length || entries.some((entry, i) => times[i]?.entry !== entry)) {
    throw new MediaError(
      "media.damaged",
      `${name}: its text does not fit into its ${(audio.samples.length / ALIGNER_RATE).toFixed(1)} s ` +
        "of sound",
      { hint: "Check that the text contains exactly the spoken words." },
    );
  }
  return {
    words: place(known, times),
    unknown: said.filter(({ parts }) => parts.length === 0).map((word) => word.text),
  };
}

/** Combines the parts of each word. A word lasts from its first part to its last. */
function place(words: readonly SpokenWord[], times: readonly PlacedEntry[]): Word[] {
  let next = 0;
  return words.map(({ text, parts }) => {
    const [first, last] = [times[next], times[next + parts.length - 1]];
    next += parts.length;
    return { text, start: defined(first).start, end: defined(last).end };
  });
}
