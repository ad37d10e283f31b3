import { MediaError } from "../../core/errors.js";
import { readTranscript } from "../align/transcript.js";
import type { TextMedia } from "../media.js";
import { inputArguments, toolsOnPath, type DecodeOptions } from "./ffmpeg-input.js";
import { probeMedia } from "./ffmpeg-probe.js";
import { readTool } from "./tool-process.js";

/** Subtitles of a day have a few megabytes. */
const MAX_BYTES = 32 * 2 ** 20;

/**
 * The text of a clip's subtitle track (the default one, else the first of a kind that is text: SubRip,
 * WebVTT, ASS, MP4's timed text) with the times of its words. Undefined where it has none; subtitles that are
 * pictures are none.
 * @throws MediaError as `probeMedia`; "media.too-large"
 */
export async function decodeSubtitles(
  path: string,
  options: DecodeOptions = {},
): Promise<TextMedia | undefined> {
  const probe = options.probe ?? (await probeMedia(path, options));
  if (probe.subtitles === undefined) return undefined;
  const args = ["-nostdin", ...inputArguments(path), "-map", `0:${probe.subtitles.index}`];
  const output = readTool(
    (options.tools ?? toolsOnPath).ffmpeg,
    [...args, "-c:s", "webvtt", "-f", "webvtt", "pipe:1"],
    { signal: options.signal },
  );
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of output) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES)
      throw new MediaError("media.too-large", `the subtitles of ${path} have more than ${MAX_BYTES} bytes`, {
        hint: "Cut the clip into parts.",
      });
    chunks.push(chunk);
  }
  return readTranscript(Buffer.concat(chunks), `${path} (subtitles).vtt`);
}
