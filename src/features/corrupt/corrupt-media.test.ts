import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defined } from "../../core/defined.js";
import { parseDamage } from "../../corruption/damage-specification.js";
import { decodeAudio } from "../decode/ffmpeg-audio.js";
import { probeMedia } from "../decode/ffmpeg-probe.js";
import { decodeImage } from "../decode/image.js";
import { encodeWav } from "../encode/wav.js";
import { readSource } from "../extract/read-source.js";
import type { Sample } from "../extract/sample.js";
import { makePosts } from "../testing/make-posts.js";
import { corruptMedia, type CorruptMediaRequest, type CorruptMediaSummary } from "./corrupt-media.js";

const root = mkdtempSync(join(tmpdir(), "euar-corrupt-"));
const clips = join(root, "clips");
const posts = join(root, "posts");

/** A tone of one second that rises with the number. */
function tone(n: number): Uint8Array {
  const samples = Float32Array.from({ length: 8000 }, (_, i) => 0.4 * Math.sin((i * (n + 1)) / 20));
  return encodeWav({ samples, sampleRate: 8000 });
}

beforeAll(async () => {
  mkdirSync(join(clips, "talk"), { recursive: true });
  const modes = ["train", "train", "valid", "test", "test", "test"];
  const rows = modes.map((mode, n) => `talk,${n},"so good, number ${n}",${n / 2},${mode}\n`);
  writeFileSync(join(clips, "label.csv"), `video_id,clip_id,text,label,mode\n${rows.join("")}`);
  modes.forEach((_, n) => {
    if (n !== 5) writeFileSync(join(clips, "talk", `${n}.wav`), tone(n));
  });
  const made = spawnSync("ffmpeg", [
    ...["-v", "error", "-f", "lavfi", "-i", "testsrc=size=64x48:rate=10:duration=1"],
    ...["-f", "lavfi", "-i", "sine=frequency=300:duration=1", "-shortest", join(clips, "talk", "5.mp4")],
  ]);
  expect(made.status).toBe(0);
  await makePosts(posts, 3);
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

function corrupt(
  out: string,
  damage: string,
  change: Partial<CorruptMediaRequest> = {},
  stopAfter = Infinity,
): Promise<CorruptMediaSummary> {
  const stop = new AbortController();
  const request: CorruptMediaRequest = {
    ...{ input: clips, out: join(root, out), parts: parseDamage(damage), splits: ["test"], seed: 1 },
    ...{ label: "label", overwrite: false, ...change },
  };
  const onProgress = (done: number): void => {
    if (done === stopAfter) stop.abort(new Error("stopped"));
  };
  return corruptMedia(request, { signal: stop.signal, onProgress });
}

function samplesOf(folder: string): readonly Sample[] {
  return readSource(join(root, folder), { label: "label", seed: 1 }).samples;
}

function manifestOf(out: string): Record<string, unknown>[] {
  const lines = readFileSync(join(root, out, "manifest.jsonl"), "utf8")
    .trim()
    .split("\n");
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

const SPECIFICATION = "audio=mute:1@0-0.5,vision=dark:0.5,text=blank-words:1";

describe("a corrupted copy of clips", () => {
  it("is read as its source, with corrupted media in the requested split alone", async () => {
    const summary = await corrupt("noisy", SPECIFICATION);
    expect(summary).toMatchObject({
      sizes: { train: 2, valid: 1, test: 3 },
      corrupted: { audio: 3, vision: 1, text: 3 },
      ...{ files: 6, reused: 0, failures: 0 },
    });
    const [before, after] = [samplesOf("clips"), samplesOf("noisy")];
    const plain = ({ id, split, label }: Sample): string => `${id} ${split} ${label}`;
    expect(after.map(plain)).toEqual(before.map(plain));
    for (const [n, sample] of after.entries()) {
      const own = defined(before[n]);
      const isClean = sample.split !== "test";
      expect(sample.texts["text"]).toBe(isClean ? own.texts["text"] : "_ _ _ _");
      const [file = "", source = ""] = [sample.files["audio"], own.files["audio"]];
      if (isClean) expect(readFileSync(file)).toEqual(readFileSync(source));
      else if (n === 5) expect((await probeMedia(file)).video).toMatchObject({ width: 64, height: 48 });
      else {
        const [now, was] = [await decodeAudio(file), await decodeAudio(source)];
        expect(now?.samples.subarray(0, 7900).every((value) => Math.abs(value) < 0.02)).toBe(true);
        expect(Math.max(...(now?.samples.subarray(8100) ?? []))).toBeCloseTo(
          Math.max(...(was?.samples.subarray(8100) ?? [])),
          2,
        );
      }
    }
    const entries = manifestOf("noisy");
    expect(entries.filter(({ id }) => id === "talk$_$5")).toEqual([
      {
        ...{ file: "talk/5.mp4", id: "talk$_$5", split: "test", modality: "audio", kind: "mute" },
        ...{ severity: 1, amount: 1, unit: "share of the time that is silent", seed: 1 },
        span: { unit: "share", start: 0, end: 0.5 },
      },
      {
        ...{ file: "talk/5.mp4", id: "talk$_$5", split: "test", modality: "vision", kind: "dark" },
        ...{ severity: 0.5, amount: 4, unit: "stops of light that are missing", seed: 1 },
      },
      {
        ...{ file: "label.csv", id: "talk$_$5", split: "test", modality: "text", kind: "blank-words" },
        ...{ severity: 1, amount: 1, unit: "share of words", seed: 1 },
      },
    ]);
    expect(entries).toHaveLength(7);
  });

  it("continues after an interruption, and gives the same files", async () => {
    await expect(corrupt("resumed", SPECIFICATION, {}, 5)).rejects.toThrow("stopped");
    expect(existsSync(join(root, "resumed", "label.csv"))).toBe(false);
    expect(await corrupt("resumed", SPECIFICATION)).toMatchObject({ files: 6, reused: 5 });
    for (const file of ["label.csv", "manifest.jsonl", "talk/3.wav", "talk/4.wav"])
      expect(readFileSync(join(root, "resumed", file))).toEqual(readFileSync(join(root, "noisy", file)));
    expect(existsSync(join(root, "resumed", "written.jsonl"))).toBe(false);
  });

  it("is replaced only on request, and nothing else ever is", async () => {
    await corrupt("again", "text=typos:0.5");
    await expect(corrupt("again", "text=typos:0.6")).rejects.toMatchObject({ code: "config.conflict" });
    await corrupt("again", "text=typos:0.6", { overwrite: true });
    expect(manifestOf("again")[0]).toMatchObject({ severity: 0.6 });
    await expect(corrupt("posts", "text=typos:1", { overwrite: true })).rejects.toMatchObject({
      code: "config.conflict",
    });
  });

  it.each([
    ["audio=mute", /has no severity/],
    ["audio=mut:1", /no corruption "mut"/],
    ["image=dark:1", /no image to corrupt/],
  ])("refuses %s", async (damage, message) => {
    await expect(corrupt("refused", damage)).rejects.toThrow(message);
    expect(existsSync(join(root, "refused"))).toBe(false);
  });
});

it("a corrupted copy of posts has pictures, and lists the unreadable ones", async () => {
  const lost = samplesOf("posts").find(({ split }) => split === "test");
  rmSync(lost?.files["image"] ?? "");
  const summary = await corrupt("posts-noisy", "image=wrong-picture:1,text=wrong-text:1", {
    input: posts,
    splits: ["valid", "test"],
  });
  expect(summary.failures).toBeGreaterThanOrEqual(1);
  const after = samplesOf("posts-noisy");
  expect(after.map(({ id }) => id)).toEqual(samplesOf("posts").map(({ id }) => id));
  const valid = after.filter(({ split }) => split === "valid");
  const texts = samplesOf("posts").flatMap(({ split, texts: { text } }) => (split === "valid" ? text : []));
  expect(new Set(valid.map(({ texts: { text } }) => text))).toEqual(new Set(texts));
  for (const { files } of valid) expect((await decodeImage(files["image"] ?? "")).width).toBeGreaterThan(0);
  const failures = readFileSync(join(root, "posts-noisy", "failures.jsonl"), "utf8");
  expect(failures).toContain('"media.not-found"');
});

it("a corrupted copy of a table has its columns", async () => {
  const table = join(root, "tweets.csv");
  writeFileSync(table, "id,words,label,mode\na,so good,1,train\nb,so bad,0,valid\nc,so so,0,test\n");
  const media = [{ name: "post", kind: "text", column: "words" }] as const;
  await corrupt("tweets-noisy", "post=blank-words:1", { input: table, media });
  const written = join(root, "tweets-noisy", "tweets.jsonl");
  const { samples } = readSource(written, { label: "label", seed: 1, media });
  expect(samples.map(({ id, split, texts }) => [id, split, texts["post"]])).toEqual([
    ["a", "train", "so good"],
    ["b", "valid", "so bad"],
    ["c", "test", "_ _"],
  ]);
});
