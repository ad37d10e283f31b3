import { open } from "node:fs/promises";
import type { MediaProbe } from "./media-probe.js";

/** Mono sound of 16-bit samples in a WAV file. */
export interface PlainWave {
  /** Sampling rate in Hz. */
  readonly sampleRate: number;
  /** Offset of the first sample in the file, in bytes. */
  readonly start: number;
  /** Number of samples. */
  readonly length: number;
}

/** Number of bytes to read for the header. The samples of a plain file begin within them. */
const HEAD_BYTES = 4096;
const RIFF_HEAD = 12;
const CHUNK_HEAD = 8;
const PCM = 1;

/**
 * Reads the header of a WAV file with one channel of 16-bit samples, the usual form of speech data.
 *
 * Starting FFmpeg takes longer than reading such a file, and gives the same samples.
 * @returns undefined for any other file: another format, further chunks after the samples, or a size that
 * contradicts the header. FFmpeg reads these.
 */
export async function plainWave(path: string): Promise<PlainWave | undefined> {
  const file = await open(path).catch(() => undefined); // the decoder reports the error
  if (file === undefined) return undefined;
  try {
    const { size } = await file.stat();
    const head = Buffer.alloc(Math.min(HEAD_BYTES, size));
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    return bytesRead === head.length ? waveOf(head, size) : undefined;
  } finally {
    await file.close();
  }
}

/** @param size size of the file in bytes */
function waveOf(head: Buffer, size: number): PlainWave | undefined {
  if (head.length < RIFF_HEAD || idAt(head, 0) !== "RIFF" || idAt(head, 8) !== "WAVE") return undefined;
  if (head.readUInt32LE(4) !== size - CHUNK_HEAD) return undefined;
  let sampleRate: number | undefined;
  for (let at = RIFF_HEAD; at + CHUNK_HEAD <= head.length;) {
    const id = idAt(head, at);
    const bytes = head.readUInt32LE(at + 4);
    const start = at + CHUNK_HEAD;
    if (id === "fmt ") sampleRate = rateOf(head.subarray(start, start + bytes));
    else if (id === "data") {
      const isWhole = bytes > 0 && bytes % 2 === 0 && start + bytes === size;
      return sampleRate !== undefined && isWhole ? { sampleRate, start, length: bytes / 2 } : undefined;
    } else if (id !== "LIST" && id !== "fact") return undefined;
    at = start + bytes + (bytes % 2); // chunks are padded to an even size
  }
  return undefined;
}

function idAt(head: Buffer, at: number): string {
  return head.toString("latin1", at, at + 4);
}

/** Returns the sampling rate of mono 16-bit PCM; undefined for another format. */
function rateOf(format: Buffer): number | undefined {
  if (format.length < 16) return undefined;
  const [tag, channels, rate] = [format.readUInt16LE(0), format.readUInt16LE(2), format.readUInt32LE(4)];
  const [bytesPerFrame, bits] = [format.readUInt16LE(12), format.readUInt16LE(14)];
  return tag === PCM && channels === 1 && rate > 0 && bytesPerFrame === 2 && bits === 16 ? rate : undefined;
}

/** Describes the file as ffprobe does. */
export function probeOfWave({ sampleRate, length }: PlainWave): MediaProbe {
  const seconds = Number((length / sampleRate).toFixed(6));
  return {
    format: "wav",
    seconds,
    audio: { index: 0, codec: "pcm_s16le", sampleRate, channels: 1, seconds },
    video: undefined,
    subtitles: undefined,
  };
}

/** Reads the samples, in [-1, 1). Returns undefined if the file has become shorter. */
export async function samplesOfWave(
  path: string,
  { start, length }: PlainWave,
): Promise<Float32Array | undefined> {
  const bytes = Buffer.alloc(2 * length);
  const file = await open(path);
  try {
    const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
    if (bytesRead < bytes.length) return undefined;
  } finally {
    await file.close();
  }
  const samples = new Float32Array(length);
  for (let i = 0; i < length; i++) samples[i] = bytes.readInt16LE(2 * i) / 32_768;
  return samples;
}
