import type { DecodeNote } from "./decode-note.js";

/** Settings of a decoder. */
export interface DecodeSettings {
  /** Frames per second of video. */
  readonly fps: number;
  /** Called if only a part of the file could be read. For video: after the last frame was taken. */
  readonly onNote?: ((note: DecodeNote) => void) | undefined;
}
