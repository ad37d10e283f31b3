import { extname } from "node:path";

/** Media types by file ending, of the media that browsers can show or play. */
const TYPES: Readonly<Record<string, string>> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".webp": "image/webp",
  ".gif": "image/gif",
  ".wav": "audio/wav",
  ".mp3": "audio/mpeg",
  ".ogg": "audio/ogg",
  ".flac": "audio/flac",
  ".m4a": "audio/mp4",
  ".mp4": "video/mp4",
  ".m4v": "video/mp4",
  ".mov": "video/mp4",
  ".webm": "video/webm",
};

/** Returns the media type of a file by its ending. Undefined for one that browsers cannot show. */
export function mediaTypeOf(path: string): string | undefined {
  return TYPES[extname(path).toLowerCase()];
}
