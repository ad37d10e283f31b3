import type { AudioMedia } from "../../media.js";
import { decodeAudio } from "../../decode/ffmpeg-audio.js";
import { MediaFile } from "../../decode/media-file.js";
import { prepareAudio } from "../../audio/prepare-audio.js";
import type { EncodedMedium, TranscriptCheck } from "../../raw-media.js";
import { ALIGNER_RATE } from "./recognise-speech.js";
import { loadSpeechModel, type SpeechModel } from "./speech-model.js";
import { textFit } from "./text-fit.js";

/** Returns the comparison of texts with speech in Node, with PocketSphinx. Loads its model on first use. */
export function nodeTranscripts(): TranscriptCheck {
  let loading: Promise<SpeechModel> | undefined;
  return async (sound, text, signal) => {
    loading ??= loadSpeechModel().catch((error: unknown) => {
      loading = undefined; // it may be installed later
      throw error;
    });
    const model = await loading;
    const audio = await soundOf(sound, signal);
    return audio && (await textFit(audio, text, model, signal)).problem;
  };
}

async function soundOf(
  sound: AudioMedia | EncodedMedium,
  signal: AbortSignal | undefined,
): Promise<AudioMedia | undefined> {
  if (typeof sound === "string") return decodeAudio(sound, { sampleRate: ALIGNER_RATE, signal });
  if (sound instanceof MediaFile) return decodeAudio(sound.path, { sampleRate: ALIGNER_RATE, signal });
  if (sound instanceof Blob) return undefined; // refused when its features are read
  return { samples: prepareAudio(sound).samples, sampleRate: ALIGNER_RATE };
}
