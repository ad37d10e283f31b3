import { fileURLToPath } from "node:url";
import { DataError } from "../../../core/errors.js";
import type { MediaByKind, MediumKind } from "../../../features/adapter.js";
import { decodeAudio } from "../../../features/decode/ffmpeg-audio.js";
import { decodeImage } from "../../../features/decode/image.js";
import { asVideo } from "../../../features/face/face-extractor.js";
import type { AdapterChoice } from "../../../features/registry.js";

/** Words of the clip that the package contains. */
export const CLIP_WORDS = "he was not an ill disposed young man";

/** Folder of the clip. It lies at the same place relative to `src` and `dist`. */
const folder = new URL("../../../../assets/demo-clip/", import.meta.url);

/** Returns the path of a file of the clip. */
export function clipFile(name: string): string {
  return fileURLToPath(new URL(name, folder));
}

/** One input of the clip. */
export interface ClipInput<Kind extends MediumKind = MediumKind> {
  readonly modality: string;
  readonly kind: Kind;
  readonly choice: AdapterChoice;
  /** Kinds of corruption to show. */
  readonly corruptions: readonly string[];
  /**
   * Decodes the medium. The returned function gives it as often as needed.
   * @throws MediaError "media.missing-package" if the decoder is not installed
   */
  readonly decode: () => Promise<() => MediaByKind[Kind]>;
}

const text: ClipInput<"text"> = {
  modality: "text",
  kind: "text",
  choice: { adapter: "text/use-lite", options: {} },
  corruptions: ["blank-words", "typos"],
  decode: () => Promise.resolve(() => ({ text: CLIP_WORDS })),
};

const audio: ClipInput<"audio"> = {
  modality: "audio",
  kind: "audio",
  choice: { adapter: "audio/log-mel", options: { summary: "statistics", vad: "silero" } },
  corruptions: ["white-noise", "packet-loss"],
  decode: async () => {
    const path = clipFile("speech.wav");
    const sound = await decodeAudio(path);
    if (sound === undefined) throw new DataError("data.format", `${path} has no sound`);
    return () => sound;
  },
};

const vision: ClipInput<"video"> = {
  modality: "vision",
  kind: "video",
  choice: { adapter: "face/mesh", options: {} },
  corruptions: ["blur", "dark"],
  decode: async () => {
    const picture = await decodeImage(clipFile("face.jpg"));
    return () => asVideo(picture);
  },
};

/** The inputs of the clip. Its picture is a video of one frame. */
export const clipInputs = { text, audio, vision } as const;
