import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clipsUnavailable } from "../../src/features/testing/make-clip.js";
import { Predictor } from "../../src/predict/predictor.js";
import { euar, jsonOf } from "../run-euar.js";

const unavailable = clipsUnavailable();
if (unavailable !== undefined) console.warn(`Skipped: sound cannot be decoded, for ${unavailable}.`);

/** 16-bit PCM, mono, of a tone. */
function wav(frequency: number): Buffer {
  const rate = 8000;
  const samples = Int16Array.from({ length: rate / 4 }, (_, i) =>
    Math.round(8000 * Math.sin((2 * Math.PI * frequency * i) / rate)),
  );
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + samples.byteLength, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(2 * rate, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write("data", 36);
  head.writeUInt32LE(samples.byteLength, 40);
  return Buffer.concat([head, Buffer.from(samples.buffer)]);
}

function picture(level: number): Promise<Buffer> {
  const channels = { r: level, g: 255 - level, b: 128 };
  return sharp({ create: { width: 8, height: 8, channels: 3, background: channels } })
    .png()
    .toBuffer();
}

const MEDIA = ["--media", "rgb=image:rgb_path,depth=image:depth_path,voice=audio:wav"];
const ADAPTERS = [
  ...["--image", "image/pixels:side=3", "--adapters", "depth=image/pixels:side=2,colour=grey"],
  ...["--audio", "audio/log-mel:summary=statistics,bands=8"],
];

describe.skipIf(unavailable !== undefined)("a table whose columns are media", () => {
  let folder = "";
  const at = (name: string): string => join(folder, name);
  const run = (...args: readonly string[]): ReturnType<typeof euar> =>
    euar([...args, "--quiet"], { cwd: folder });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "euar-table-"));
    mkdirSync(at("files"));
    const rows: string[] = [];
    for (let i = 0; i < 18; i++) {
      const high = i % 2 === 1;
      writeFileSync(at(`files/${i}.wav`), wav(high ? 1500 + 10 * i : 300 + 10 * i));
      writeFileSync(at(`files/${i}.png`), await picture(high ? 200 + i : 40 + i));
      writeFileSync(at(`files/${i}d.png`), await picture(high ? 100 + i : 150 + i));
      const split = ["train", "train", "train", "train", "valid", "test"][Math.floor(i / 3)] ?? "train";
      rows.push(`s${i},${split},${high ? "high" : "low"},files/${i}.png,files/${i}d.png,files/${i}.wav`);
    }
    rows.push("hole,train,high,files/none.png,,files/1.wav", "out,train,low,../x.png,,files/1.wav");
    writeFileSync(at("scenes.csv"), ["id,split,label,rgb_path,depth_path,wav", ...rows].join("\n"));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("is extracted, trained and predicted by the names of its modalities", async () => {
    const made = run("extract", "scenes.csv", ...MEDIA, ...ADAPTERS, "--out", "data", "--json");
    expect(made.code).toBe(0);
    expect(jsonOf(made)).toMatchObject({
      sizes: { train: 13, valid: 3, test: 3 },
      modalities: [
        { modality: "rgb", present: 18, absent: 0, failed: 1 },
        { modality: "depth", present: 18, absent: 1, failed: 0 },
        { modality: "voice", present: 19, absent: 0, failed: 0 },
      ],
    });
    const failures = readFileSync(at("data/failures.jsonl"), "utf8");
    expect(failures).toMatch(/"id":"out",.*"data\.unsafe"/);
    expect(failures).toMatch(/"id":"hole","modality":"rgb","code":"media\.not-found"/);
    const description = readFileSync(at("data/dataset.json"), "utf8");
    expect(JSON.parse(description)).toMatchObject({
      modalities: ["rgb", "depth", "voice"],
      features: {
        rgb: { adapter: "image/pixels", width: 27 },
        depth: { adapter: "image/pixels", width: 4 },
        voice: { adapter: "audio/log-mel", width: 16 },
      },
    });
    const trained = run("train", "--data", "data", "--model", "linear", "--epochs", "2", "--out", "run");
    expect(trained.code).toBe(0);

    const named = { rgb: at("files/15.png"), depth: at("files/15d.png"), voice: at("files/15.wav") };
    const model = await Predictor.load(at("run"));
    const whole = await model.predictMedia(named);
    expect(Object.keys(whole.modalities)).toEqual(Object.keys(named));
    expect(Object.values(whole.modalities).every(({ present }) => present)).toBe(true);
    // the only sound goes by its kind, too
    const byKind = await model.predictMedia({ rgb: named.rgb, depth: named.depth, audio: named.voice });
    expect(byKind.prediction).toBe(whole.prediction);
    expect(byKind.classes).toEqual(whole.classes);
    await expect(model.predictMedia({ image: named.rgb })).rejects.toMatchObject({
      code: "data.unknown-modality",
      message: expect.stringContaining("could be any of rgb, depth") as string,
    });
    await expect(model.predictMedia({ rgb: named.rgb, deph: named.depth })).rejects.toMatchObject({
      code: "data.unknown-modality",
      hint: 'Did you mean "depth"?',
    });
    await model.close();

    const media = "rgb=files/15.png,depth=files/15d.png,voice=files/15.wav";
    const scored = run("predict", "--run", "run", "--media", media, "--json");
    expect(jsonOf(scored)).toMatchObject({ prediction: whole.prediction, classes: whole.classes });
    const gone = run("predict", "--run", "run", "--media", "rgb=files/15.png,depth=files/none.png", "--json");
    const lost = { modality: "depth", used: false, reasons: [{ kind: "unusable", code: "media.not-found" }] };
    expect(jsonOf(gone)["doubted"]).toMatchObject([lost, { modality: "rgb", used: true }]);
    writeFileSync(at("in.jsonl"), '{"id":1,"media":{"rgb":"files/15.png"}}\n{"id":2,"media":{"rgbb":"x"}}\n');
    const stream = run("predict", "--run", "run", "in.jsonl", "--json");
    expect(stream.code).not.toBe(0);
    expect(stream.stdout.split("\n")[0]).toContain("There was no depth or voice.");
    expect(stream.stdout.split("\n")[1]).toContain("data.unknown-modality");
  });

  it.each([
    ["a column that is not there", ["--media", "rgb=image:nowhere"], "data.format", "nowhere"],
    ["an unknown kind", ["--media", "rgb=picture:rgb_path"], "config.invalid", 'kind of medium "picture"'],
    ["no column", ["--media", "rgb=image"], "config.invalid", "NAME=KIND:COLUMN"],
    ["a name twice", ["--media", "a=image:rgb_path,a=audio:wav"], "config.invalid", "named twice"],
    ["a name of every object", ["--media", "toString=image:rgb_path"], "config.invalid", "toString"],
    [
      "an adapter that nothing has",
      [...MEDIA, "--text", "text/use-lite"],
      "config.conflict",
      "no text is extracted",
    ],
    [
      "an adapter of another name",
      [...MEDIA, "--adapters", "rbg=image/pixels"],
      "config.conflict",
      "rbg is not extracted",
    ],
  ])("refuses %s", (_what, args, code, message) => {
    const { error } = jsonOf(run("extract", "scenes.csv", ...args, "--out", "refused", "--json")) as {
      error: { code: string; message: string };
    };
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) as string });
  });
});
