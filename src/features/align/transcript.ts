import { causeText } from "../../core/cause-text.js";
import { MediaError } from "../../core/errors.js";
import { parseJson } from "../../core/parse-json.js";
import type { FileUse } from "../../data/formats/file-kind.js";
import { oddEncoding, unicodeText } from "../../data/formats/text-encoding.js";
import type { TextMedia } from "../media.js";
import { misplacedMedium } from "../misplaced-medium.js";
import { parseAss } from "./ass-cues.js";
import { readJsonTranscript } from "./json-transcript.js";
import { type RawTranscript, saneWords } from "./sane-words.js";
import { readTextGrid } from "./text-grid.js";
import { type Cue, parseCues } from "./subtitle-cues.js";
import { transcriptEndings } from "./transcript-endings.js";

const TRANSCRIPT: FileUse = {
  expected: ["subtitles", "textgrid", "json", "description", "json-lines", "table", "text"],
  wanted: "a transcript",
};

/** Largest transcript. A day of speech has about 2 MB. */
const LARGEST_BYTES = 32 * 2 ** 20;

/**
 * Reads a transcript by its file extension: .srt, .vtt, .ass, .TextGrid or .json (words with times; the forms
 * of Whisper, WhisperX, whisper.cpp, transformers.js, Vosk, Amazon Transcribe, Gentle and the Montreal Forced
 * Aligner).
 *
 * Words without valid times stay in the text only. `words` is absent if no word has times. Runs in the
 * browser.
 * @throws MediaError "media.unsupported" for another extension or another form of JSON
 * @throws MediaError "media.damaged" for invalid UTF-8, invalid JSON, or no cue
 * @throws MediaError "media.too-large"
 */
export function readTranscript(bytes: Uint8Array, name: string): TextMedia {
  if (bytes.length > LARGEST_BYTES) {
    throw new MediaError(
      "media.too-large",
      `${name} has ${bytes.length} bytes; a transcript may have at most ${LARGEST_BYTES}`,
      { hint: "Cut it to the clip that it belongs to." },
    );
  }
  const ending = transcriptEndings.find((known) => name.toLowerCase().endsWith(known.toLowerCase()));
  if (ending === undefined)
    throw new MediaError("media.unsupported", `${name} does not have the file extension of a transcript`, {
      hint: `Supported endings: ${transcriptEndings.join(", ")}.`,
    });
  const misplaced = misplacedMedium(bytes, name, TRANSCRIPT);
  if (misplaced !== undefined) throw misplaced;
  const text = decode(bytes, name);
  const { words, text: whole } = parserOf(ending)(text, name);
  const sane = saneWords(words);
  return sane.length === 0 ? { text: whole } : { text: whole, words: sane };
}

function decode(bytes: Uint8Array, name: string): string {
  const text = unicodeText(bytes);
  if (text !== undefined) return text;
  const { message, hint } = oddEncoding(bytes, name);
  throw new MediaError("media.damaged", message, { hint });
}

type Parser = (text: string, name: string) => RawTranscript;

function parserOf(ending: (typeof transcriptEndings)[number]): Parser {
  switch (ending) {
    case ".json":
      return fromJson;
    case ".TextGrid":
    case ".textgrid":
      return fromTextGrid;
    case ".ass":
    case ".ssa":
      return fromAss;
    case ".srt":
    case ".vtt":
      return fromCues;
  }
}

function fromTextGrid(text: string, name: string): RawTranscript {
  const transcript = readTextGrid(text);
  if (transcript) return transcript;
  throw new MediaError("media.damaged", `${name} has no interval tier of words`, {
    hint: "Save it from Praat as a text file, with a tier of words.",
  });
}

function fromAss(text: string, name: string): RawTranscript {
  if (!/^\s{0,100}\[/.test(text) && text.trim() !== "")
    throw new MediaError("media.damaged", `${name} does not begin with [Script Info]`, {
      hint: "Save it again as Advanced SubStation Alpha (.ass), or as SubRip (.srt).",
    });
  return fromWords(parseAss(text));
}

function fromCues(text: string, name: string): RawTranscript {
  const cues = parseCues(text);
  if (cues.length === 0 && text.trim() !== "" && !/^WEBVTT\s*$/.test(text)) {
    throw new MediaError("media.damaged", `${name} has no line such as "00:00:01,000 --> 00:00:02,500"`, {
      hint: "Save it as SubRip (.srt) or WebVTT (.vtt).",
    });
  }
  return fromWords(cues);
}

function fromWords(cues: readonly Cue[]): RawTranscript {
  return {
    text: cues
      .map((cue) => cue.text)
      .filter((part) => part !== "")
      .join(" "),
    words: cues.flatMap((cue) => cue.words),
  };
}

function fromJson(text: string, name: string): RawTranscript {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (cause) {
    throw new MediaError("media.damaged", `${name} is not valid JSON: ${causeText(cause)}`, {
      hint: "Save it again.",
      cause,
    });
  }
  const transcript = readJsonTranscript(value);
  if (transcript) return transcript;
  throw new MediaError("media.unsupported", `${name} has no words or segments`, {
    hint:
      'Expected is {"words": [{"text": "so", "start": 0.1, "end": 0.3}]}, or the JSON of Whisper, ' +
      "WhisperX, whisper.cpp, transformers.js, Vosk, Amazon Transcribe, Gentle or MFA.",
  });
}
