import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { usualModalities } from "../readable-modalities.js";
import { readSource } from "./read-source.js";
import type { SampleSource } from "./sample.js";

const root = mkdtempSync(join(tmpdir(), "euar-source-"));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});
let made = 0;

function read(
  files: Readonly<Record<string, string | Uint8Array>>,
  path = "",
): SampleSource & { folder: string } {
  const folder = join(root, String(made++));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return { ...readSource(join(folder, path), { label: "label", seed: 1 }), folder };
}

const header = "video_id,clip_id,text,label,label_T,annotation,mode\n";

describe("a folder of clips", () => {
  it("finds each clip, in Raw too and in other containers, and the transcript next to it", () => {
    const { samples, modalities, folder, failures } = read({
      "label.csv": `${header}v1,1,"a, b",0.5,,Positive,train\r\nv1,2,,-1,,,valid\r\nv2,1,c,0,,,test\r\n`,
      "v1/1.mp4": "",
      "v1/1.srt": "",
      "Raw/v1/2.webm": "",
    });
    expect(failures).toEqual([]);
    expect(modalities).toEqual(usualModalities("text", "audio", "video"));
    expect(samples).toEqual([
      {
        id: "v1$_$1",
        split: "train",
        label: "0.5",
        texts: { text: "a, b" },
        clip: join(folder, "v1/1.mp4"),
        files: { audio: join(folder, "v1/1.mp4"), vision: join(folder, "v1/1.mp4") },
        transcript: join(folder, "v1/1.srt"),
      },
      {
        id: "v1$_$2",
        split: "valid",
        label: "-1",
        texts: { text: "" },
        clip: join(folder, "Raw/v1/2.webm"),
        files: { audio: join(folder, "Raw/v1/2.webm"), vision: join(folder, "Raw/v1/2.webm") },
        transcript: undefined,
      },
      {
        id: "v2$_$1",
        split: "test",
        label: "0",
        texts: { text: "c" },
        clip: join(folder, "v2/1.mp4"),
        files: { audio: join(folder, "v2/1.mp4"), vision: join(folder, "v2/1.mp4") },
        transcript: undefined,
      }, // missing, which opening it says
    ]);
  });

  it.each([
    ["../../etc,passwd", "data.unsafe"],
    ["/etc,passwd", "data.unsafe"],
    ["v,../../../x", "data.unsafe"],
    ["v\0,1", "data.unsafe"],
    ["v,", "data.invalid-value"],
  ])("refuses the row %j alone", (names, code) => {
    const { samples, failures } = read({ "label.csv": `${header}${names},t,1,,,train\nv,1,t,1,,,train\n` });
    expect(samples.map(({ id }) => id)).toEqual(["v$_$1"]);
    expect(failures).toMatchObject([
      { code, message: expect.stringContaining("label.csv, row 1") as string },
    ]);
  });

  it("refuses rows with the id of an earlier row or with an unknown mode", () => {
    const { samples, failures } = read({
      "label.csv": `${header}v,1,t,1,,,train\nv,1,u,2,,,test\nv,2,t,1,,,holdout\nv,3,t,1,,,DEV\n`,
    });
    expect(samples.map(({ id, split }) => [id, split])).toEqual([
      ["v$_$1", "train"],
      ["v$_$3", "valid"],
    ]);
    expect(failures.map(({ id, message }) => [id, message.replace(/^.*csv, /, "")])).toEqual([
      ["v$_$1", 'row 2: an earlier row has the id "v$_$1"; only that row is used'],
      ["v$_$2", 'row 3: the mode "holdout" is none of train, valid and test'],
    ]);
  });

  it("says which column is missing", () => {
    expect(() => read({ "label.csv": "video,clip_id,label\na,b,1\n" })).toThrow(/no column "video_id"/);
  });
});

describe("a folder of posts", () => {
  const line = (id: string, img: string, text = "t"): string =>
    `${JSON.stringify({ id, label: "positive", text, img })}\n`;

  it("takes texts and images, and refuses images elsewhere", () => {
    const { samples, failures, modalities, folder } = read({
      "train.jsonl": line("1", "images/1.jpg") + line("2", "../x.jpg") + line("4", ""),
      "dev.jsonl": line("3", "images/3.jpg"),
      "test.jsonl": line("1", "images/1.jpg"),
    });
    expect(modalities).toEqual(usualModalities("text", "image"));
    expect(samples.map(({ id, split, files }) => [id, split, files.image])).toEqual([
      ["1", "train", join(folder, "images/1.jpg")],
      ["4", "train", undefined],
      ["3", "valid", join(folder, "images/3.jpg")],
    ]);
    expect(failures.map(({ id, code }) => [id, code])).toEqual([
      ["2", "data.unsafe"],
      ["1", "data.invalid-value"],
    ]);
  });

  it("in MVSA's published form is labelled by the rule and split 8:1:1, in any order of rows", () => {
    const rows = Array.from({ length: 20 }, (_, i) => `${i + 1}\tneutral,positive`);
    const more = [
      "21\tpositive,negative",
      "22\tnegative,neutral",
      "23\tneutral,neutral",
      "24\tfine",
      "../25\tpositive,positive",
    ];
    const data = { "data/1.txt": Uint8Array.of(0x63, 0x61, 0x66, 0xe9, 0x92), "data/22.txt": " good \n" };
    const mvsa = (lines: readonly string[]): SampleSource =>
      read({ "labelResultAll.txt": ["ID\ttext,image", ...lines].join("\n"), ...data });
    const { samples, failures, notes } = mvsa([...rows, ...more]);
    expect(samples).toHaveLength(22);
    expect(samples.find(({ id }) => id === "1")).toMatchObject({
      label: "positive",
      texts: { text: "caf\u00e9\u2019" },
    });
    expect(samples.find(({ id }) => id === "22")).toMatchObject({
      label: "negative",
      texts: { text: "good" },
    });
    expect(failures.map(({ code }) => code)).toEqual(["data.format", "data.format"]);
    expect(notes).toContain("1 posts whose text and image have opposite labels were left out");
    const splits = (source: SampleSource): string[] =>
      source.samples.map(({ id, split }) => `${id} ${split}`).sort();
    expect(splits(mvsa([...more, ...rows].reverse()))).toEqual(splits({ ...mvsa([...rows, ...more]) }));
    expect(samples.filter(({ split }) => split === "test")).toHaveLength(2);
  });
});

describe("a table of texts", () => {
  it("is divided by its split column", () => {
    const { samples, modalities } = read(
      { "t.tsv": "id\ttext\tlabel\tstd_split\na\tx\t1\ttrain\nb\ty\t2\tdev\n" },
      "t.tsv",
    );
    expect(modalities).toEqual(usualModalities("text"));
    expect(samples.map(({ id, split, texts, label }) => [id, split, texts["text"], label])).toEqual([
      ["a", "train", "x", "1"],
      ["b", "valid", "y", "2"],
    ]);
  });
});

describe("anything else", () => {
  it("that is known is called by its name, with the command that takes it", () => {
    const refused = (files: Readonly<Record<string, string | Uint8Array>>, path = ""): unknown => {
      try {
        return read(files, path);
      } catch (error) {
        return error;
      }
    };
    expect(refused({ "clip.mp4": "\0\0\0\x20ftypisom" }, "clip.mp4")).toMatchObject({
      code: "data.format",
      message: expect.stringContaining("clip.mp4 is a video file, where a table") as string,
      hint: expect.stringContaining("euar predict --run RUN") as string,
    });
    expect(refused({ "label.csv": "version https://git-lfs.github.com/spec/v1\n" })).toMatchObject({
      message: expect.stringContaining("label.csv is a git-lfs pointer") as string,
    });
    expect(refused({ "dataset.json": "{}" })).toMatchObject({
      hint: expect.stringContaining("euar train --data") as string,
    });
  });

  it("is an error that lists the supported forms", () => {
    expect(() => readSource(join(root, "nowhere"), { label: "label", seed: 1 })).toThrow(/does not exist/);
    expect(() => read({ "a.txt": "" })).toThrow(/no label.csv, no train.jsonl/);
    expect(() => read({ "label.csv": Uint8Array.of(0x61, 10, 0x92) })).toThrow(
      /label.csv, line 2: it is not valid UTF-8/,
    );
  });
});
