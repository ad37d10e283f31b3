import { defined } from "../../core/defined.js";
import { endianness } from "node:os";
import { MediaError } from "../../core/errors.js";
import type { AudioMedia } from "../media.js";
import {
  checkInputFile,
  checkSeconds,
  inputArguments,
  noteDamage,
  nothingReadable,
  resolveLimits,
  toolsOnPath,
  type DecodeOptions,
} from "./ffmpeg-input.js";
import { probeMedia } from "./ffmpeg-probe.js";
import type { AudioStreamInfo } from "./media-probe.js";
import { plainWave, samplesOfWave } from "./plain-wave.js";
import { isPhaseInverted, pairEnergy } from "./stereo.js";
import { readTool, type ToolEnd } from "./tool-process.js";

export interface DecodeAudioOptions extends DecodeOptions {
  /** Sampling rate in Hz. Default 16000. */
  readonly sampleRate?: number | undefined;
}

const bytesPerSample = 4;
/** Length of the start of a stream that decides whether its two channels have opposite signs, in seconds. */
const decisionSeconds = 30;

/**
 * Decodes the default sound stream of a clip (otherwise the first): mono, resampled, clipped to [-1, 1].
 *
 * Mixes channels so that their sum cannot exceed full scale: the mean of a stereo pair, or half its
 * difference if the channels have opposite signs. Sample 0 is at the start of the clip. A late start and gaps
 * are filled with zeros, so that times agree with those of the frames.
 * @returns undefined without a sound stream; an empty array for a stream without samples
 * @throws MediaError as `probeMedia`
 * @throws MediaError "media.too-large" over `limits.maxSeconds`
 * @throws MediaError "media.damaged" if no part of a damaged stream is readable, or a sound sample is NaN
 */
export async function decodeAudio(
  path: string,
  options: DecodeAudioOptions = {},
): Promise<AudioMedia | undefined> {
  const sampleRate = options.sampleRate ?? 16000;
  const plain = await decodePlain(path, sampleRate, options);
  if (plain !== undefined) return { samples: plain, sampleRate };
  const probe = options.probe ?? (await probeMedia(path, options));
  if (probe.audio === undefined) return undefined;
  const blocks: Float32Array[] = [];
  for await (const block of decodeAudioBlocks(path, { ...options, probe })) blocks.push(block);
  const samples = new Float32Array(blocks.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const block of blocks) {
    samples.set(block, offset);
    offset += block.length;
  }
  return { samples, sampleRate };
}

/** Decodes a plain WAV file at the requested rate without FFmpeg; undefined for any other file. */
async function decodePlain(
  path: string,
  sampleRate: number,
  { limits, signal }: DecodeAudioOptions,
): Promise<Float32Array | undefined> {
  await checkInputFile(path);
  const wave = await plainWave(path);
  if (wave?.sampleRate !== sampleRate) return undefined;
  signal?.throwIfAborted();
  checkSeconds(path, wave.length / sampleRate, resolveLimits(limits));
  return samplesOfWave(path, wave);
}

/**
 * Decodes as `decodeAudio` does, in blocks of some thousand samples, for clips that are too long for one
 * array. Raise `limits.maxSeconds` for them. Yields no blocks without a sound stream.
 */
export async function* decodeAudioBlocks(
  path: string,
  options: DecodeAudioOptions = {},
): AsyncGenerator<Float32Array, void, undefined> {
  const limits = resolveLimits(options.limits);
  const sampleRate = options.sampleRate ?? 16000;
  const probe = options.probe ?? (await probeMedia(path, options));
  if (probe.audio === undefined) return;
  const expectedSeconds = probe.audio.seconds ?? probe.seconds;
  checkSeconds(path, expectedSeconds, limits);

  let end: ToolEnd = { exitCode: 0, messages: [] };
  let count = 0;
  const output = readTool(
    (options.tools ?? toolsOnPath).ffmpeg,
    audioArguments(inputArguments(path), probe.audio, sampleRate),
    { signal: options.signal, onEnd: (value) => (end = value) },
  );
  const mono = isPair(probe.audio)
    ? mixPairs(samplesOf(output, 2), decisionSeconds * sampleRate)
    : samplesOf(output, 1);
  for await (const block of mono) {
    sanitize(path, block, count);
    count += block.length;
    // A header may state a shorter duration than the real one.
    checkSeconds(path, count / sampleRate, limits);
    yield block;
  }
  if (count === 0 && (end.exitCode !== 0 || end.messages.length > 0))
    throw nothingReadable("sound", path, end);
  noteDamage(
    "sound",
    { seconds: count / sampleRate, step: 1 / sampleRate },
    expectedSeconds,
    end,
    options.onNote,
  );
}

function isPair({ channels }: AudioStreamInfo): boolean {
  return channels === 2;
}

function audioArguments(input: readonly string[], stream: AudioStreamInfo, sampleRate: number): string[] {
  // async=1 only fills gaps and trims overlaps. It never stretches.
  const resample = `aresample=out_sample_rate=${sampleRate}:async=1:first_pts=0:rematrix_maxval=1`;
  // A pair yields its mean and half its difference. One of them is used.
  const pair = "aformat=sample_fmts=fltp,pan=stereo|c0=0.5*c0+0.5*c1|c1=0.5*c0-0.5*c1,";
  const format = endianness() === "LE" ? "f32le" : "f32be";
  return [
    "-nostdin",
    ...input,
    "-map",
    `0:${stream.index}`,
    "-vn",
    "-sn",
    "-dn",
    "-ac",
    isPair(stream) ? "2" : "1",
    "-af",
    `${isPair(stream) ? pair : ""}${resample}`,
    "-c:a",
    `pcm_${format}`,
    "-f",
    format,
    "pipe:1",
  ];
}

/**
 * Yields one channel of interleaved pairs (mean, half difference). The first `decisive` pairs decide which
 * one, for the whole stream.
 */
async function* mixPairs(
  blocks: AsyncIterable<Float32Array>,
  decisive: number,
): AsyncGenerator<Float32Array, void, undefined> {
  const waiting: Float32Array[] = [];
  let [seen, sum, difference] = [0, 0, 0];
  let taken: 0 | 1 | undefined;
  for await (const block of blocks) {
    if (taken !== undefined) {
      yield everySecond(block, taken);
      continue;
    }
    const energy = pairEnergy(block);
    seen += block.length / 2;
    sum += energy.sum;
    difference += energy.difference;
    waiting.push(block);
    if (seen < decisive) continue;
    taken = isPhaseInverted({ sum, difference }) ? 1 : 0;
    for (const early of waiting) yield everySecond(early, taken);
  }
  if (taken !== undefined) return;
  taken = isPhaseInverted({ sum, difference }) ? 1 : 0;
  for (const block of waiting) yield everySecond(block, taken);
}

function everySecond(pairs: Float32Array, first: 0 | 1): Float32Array {
  return Float32Array.from({ length: pairs.length / 2 }, (_, i) => defined(pairs[2 * i + first]));
}

/** Yields whole frames (one sample per channel) of a byte stream whose chunks end anywhere. */
async function* samplesOf(
  chunks: AsyncIterable<Buffer>,
  channels: number,
): AsyncGenerator<Float32Array, void, undefined> {
  const bytesPerFrame = channels * bytesPerSample;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const whole = bytes.length - (bytes.length % bytesPerFrame);
    const samples = new Float32Array(whole / bytesPerSample);
    new Uint8Array(samples.buffer).set(bytes.subarray(0, whole));
    rest = Buffer.from(bytes.subarray(whole));
    if (whole > 0) yield samples;
  }
}

/** Clips to [-1, 1] in place, as playback would. */
function sanitize(path: string, samples: Float32Array, offset: number): void {
  for (let i = 0; i < samples.length; i++) {
    const sample = defined(samples[i]);
    if (Number.isNaN(sample))
      throw new MediaError(
        "media.damaged",
        `the sound of ${path} has a sample that is not a number, at ${offset + i}`,
        { hint: "Write it again as 16-bit PCM." },
      );
    if (sample > 1) samples[i] = 1;
    else if (sample < -1) samples[i] = -1;
  }
}
