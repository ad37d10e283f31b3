import { MediaError } from "../../core/errors.js";
import { readTranscript } from "../align/transcript.js";
import type { TextMedia } from "../media.js";
import { complaint, inputArguments, toolsOnPath, type DecodeOptions } from "./ffmpeg-input.js";
import { probeMedia } from "./ffmpeg-probe.js";
import { readTool, type ToolEnd } from "./tool-process.js";

/** Largest size. Subtitles of a whole day have a few megabytes. */
const MAX_BYTES = 32 * 2 ** 20;

/**
 * Reads the subtitle track of a clip with the times of its words: the default track, otherwise the first that
 * is text (SubRip, WebVTT, ASS, MP4 timed text).
 * @returns undefined without such a track
 * @throws MediaError as `probeMedia`; "media.damaged" if FFmpeg fails, "media.too-large"
 */
export async function decodeSubtitles(
  path: string,
  options: DecodeOptions = {},
): Promise<TextMedia | undefined> {
  const probe = options.probe ?? (await probeMedia(path, options));
  if (probe.subtitles === undefined) return undefined;
  const args = ["-nostdin", ...inputArguments(path), "-map", `0:${probe.subtitles.index}`];
  let end: ToolEnd = { exitCode: 0, messages: [] };
  const output = readTool(
    (options.tools ?? toolsOnPath).ffmpeg,
    [...args, "-c:s", "webvtt", "-f", "webvtt", "pipe:1"],
    { signal: options.signal, onEnd: (value) => (end = value) },
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
  if (end.exitCode !== 0)
    throw new MediaError("media.damaged", `the subtitles of ${path} cannot be read: ${complaint(end)}`, {
      hint: "Copy or convert the clip again, or write its words into a transcript in the same folder.",
    });
  return readTranscript(Buffer.concat(chunks), `${path} (subtitles).vtt`);
}
