import type { DecodeNote } from "./decode-note.js";

/** How a medium is decoded. */
export interface DecodeSettings {
  /** Frames per second of video. */
  readonly fps: number;
  /** Called when only a part of the file could be read: of video after the last frame was taken. */
  readonly onNote?: ((note: DecodeNote) => void) | undefined;
}
