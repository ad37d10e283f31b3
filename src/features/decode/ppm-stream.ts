import { defined } from "../../core/defined.js";
import { MediaError } from "../../core/errors.js";
import type { ImageMedia } from "../media.js";

const longestHeader = 64;
const newline = 10;

/**
 * Yields the pictures of a stream of binary portable pixmaps (Netpbm "P6", 8 bits) without comments, as
 * FFmpeg writes them. Each picture states its size, so a clip may change its size. Holds one picture at a
 * time.
 * @throws MediaError "media.damaged" for another stream, or one that ends within a picture
 */
export async function* readPpmStream(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<ImageMedia, void, undefined> {
  let header = "";
  let picture: ImageMedia | undefined;
  let filled = 0;
  for await (const chunk of chunks) {
    let at = 0;
    while (at < chunk.length) {
      if (picture === undefined) {
        const byte = defined(chunk[at++]);
        header += String.fromCharCode(byte);
        if (byte !== newline && header.length <= longestHeader) continue;
        picture = parseHeader(header, name);
        if (picture !== undefined) header = "";
        continue;
      }
      const part = chunk.subarray(at, at + picture.rgb.length - filled);
      picture.rgb.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled === picture.rgb.length) {
        yield picture;
        picture = undefined;
        filled = 0;
      }
    }
  }
  if (picture !== undefined || header !== "")
    throw new MediaError("media.damaged", `the frames of ${name} end within a picture`);
}

/** Returns an empty picture of the size in the header; undefined until its three lines are complete. */
function parseHeader(header: string, name: string): ImageMedia | undefined {
  const lines = header.split("\n");
  if (lines.length < 4 && header.length <= longestHeader) return undefined;
  const match = /^P6\n(\d{1,6}) (\d{1,6})\n255\n$/u.exec(header);
  const [width, height] = [Number(match?.[1] ?? 0), Number(match?.[2] ?? 0)];
  if (width === 0 || height === 0)
    throw new MediaError("media.damaged", `the frames of ${name} are not in the requested format`);
  return { width, height, rgb: new Uint8Array(width * height * 3) };
}
