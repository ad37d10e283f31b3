import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clipsUnavailable, ffmpeg } from "../testing/make-clip.js";
import { decodeAudio, decodeAudioBlocks } from "./ffmpeg-audio.js";
import { probeMedia } from "./ffmpeg-probe.js";
import { plainWave, probeOfWave, samplesOfWave } from "./plain-wave.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "euar-wave-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Writes a RIFF file of the given chunks. Returns its path. */
function riff(name: string, ...chunks: readonly (readonly [id: string, body: Buffer])[]): string {
  const body = Buffer.concat(
    chunks.map(([id, bytes]) => {
      const head = Buffer.from(`${id}\0\0\0\0`, "latin1");
      head.writeUInt32LE(bytes.length, 4);
      return Buffer.concat([head, bytes]);
    }),
  );
  const head = Buffer.from("RIFF\0\0\0\0WAVE", "latin1");
  head.writeUInt32LE(body.length + 4, 4);
  const path = join(folder, name);
  writeFileSync(path, Buffer.concat([head, body]));
  return path;
}

function format(tag: number, channels: number, rate: number, bits: number): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16LE(tag, 0);
  bytes.writeUInt16LE(channels, 2);
  bytes.writeUInt32LE(rate, 4);
  bytes.writeUInt32LE((rate * channels * bits) / 8, 8);
  bytes.writeUInt16LE((channels * bits) / 8, 12);
  bytes.writeUInt16LE(bits, 14);
  return bytes;
}

const mono = format(1, 1, 16000, 16);
/** -32768, 0, 1, 32767. */
const data = Buffer.from([0x00, 0x80, 0x00, 0x00, 0x01, 0x00, 0xff, 0x7f]);

describe("a plain WAV file", () => {
  it("gives its samples, with and without other chunks before them", async () => {
    const list = Buffer.from("INFOISFT\x04\0\0\0abc\0", "latin1");
    for (const path of [
      riff("a.wav", ["fmt ", mono], ["data", data]),
      riff("b.wav", ["fmt ", mono], ["LIST", list], ["data", data]),
    ]) {
      const wave = await plainWave(path);
      expect(wave).toMatchObject({ sampleRate: 16000, length: 4 });
      expect(wave && (await samplesOfWave(path, wave))).toEqual(
        Float32Array.of(-1, 0, 1 / 32768, 32767 / 32768),
      );
    }
  });

  it.each([
    [
      "stereo",
      [
        ["fmt ", format(1, 2, 16000, 16)],
        ["data", data],
      ],
    ],
    [
      "24 bits",
      [
        ["fmt ", format(1, 1, 16000, 24)],
        ["data", Buffer.alloc(6)],
      ],
    ],
    [
      "floating point",
      [
        ["fmt ", format(3, 1, 16000, 32)],
        ["data", data],
      ],
    ],
    [
      "a short format",
      [
        ["fmt ", mono.subarray(0, 14)],
        ["data", data],
      ],
    ],
    [
      "no samples",
      [
        ["fmt ", mono],
        ["data", Buffer.alloc(0)],
      ],
    ],
    [
      "half a sample",
      [
        ["fmt ", mono],
        ["data", Buffer.alloc(3)],
      ],
    ],
    ["no format", [["data", data]]],
    [
      "chunks after the samples",
      [
        ["fmt ", mono],
        ["data", data],
        ["id3 ", data],
      ],
    ],
    [
      "an unknown chunk",
      [
        ["fmt ", mono],
        ["JUNK", data],
        ["data", data],
      ],
    ],
    ["no data", [["fmt ", mono]]],
    [
      "a distant start",
      [
        ["fmt ", mono],
        ["LIST", Buffer.alloc(8192)],
        ["data", data],
      ],
    ],
  ] as const)("leaves %s to FFmpeg", async (name, chunks) => {
    expect(await plainWave(riff(`${name}.wav`, ...chunks))).toBeUndefined();
  });

  it("leaves a file that is cut off, or not a WAV file, to FFmpeg", async () => {
    const path = riff("cut.wav", ["fmt ", mono], ["data", data]);
    const wave = await plainWave(path);
    writeFileSync(path, Buffer.from("RIFF"));
    expect(await plainWave(path)).toBeUndefined();
    expect(wave && (await samplesOfWave(path, wave))).toBeUndefined();
    const open = riff("open.wav", ["fmt ", mono], ["data", data]);
    writeFileSync(open, Buffer.alloc(2), { flag: "a" });
    expect(await plainWave(open)).toBeUndefined();
  });

  it.skipIf(clipsUnavailable() !== undefined)(
    "is probed and decoded as FFmpeg does, bit for bit",
    async () => {
      for (const rate of [16000, 8000]) {
        const path = join(folder, `sweep-${rate}.wav`);
        const tone = `aevalsrc='0.9*sin(300*t*t)+0.3*random(0)':d=1.3:s=${rate}`;
        ffmpeg("-f", "lavfi", "-i", tone, "-ac", "1", "-c:a", "pcm_s16le", path);
        const wave = await plainWave(path);
        if (wave === undefined) throw new Error("FFmpeg wrote another kind of file");
        expect(await probeMedia(path)).toEqual(probeOfWave(wave));
        const decoded = await decodeAudio(path);
        const blocks: number[] = [];
        for await (const block of decodeAudioBlocks(path)) blocks.push(...block);
        expect(decoded?.samples).toEqual(Float32Array.from(blocks));
      }
    },
  );
});
