import type { AudioMedia, ImageMedia, VideoMedia } from "../media.js";
import type { DecodeSettings } from "./decode-settings.js";

/**
 * File whose streams can be decoded. Each platform implements it once: `node-file.ts` with FFmpeg and sharp,
 * `browser-file.ts` with the browser's decoders. The kinds of media decode through it, so they have no code
 * per platform.
 */
export interface EncodedFile {
  /**
   * Decodes the sound.
   * @returns undefined if the file has none
   * @throws MediaError
   */
  sound(settings: DecodeSettings, signal?: AbortSignal): Promise<AudioMedia | undefined>;
  /**
   * Opens the frames of the picture stream.
   * @returns undefined if the file has none
   * @throws MediaError
   */
  frames(settings: DecodeSettings, signal?: AbortSignal): Promise<VideoMedia | undefined>;
  /**
   * Decodes a picture.
   * @throws MediaError
   */
  picture(): Promise<ImageMedia>;
}
