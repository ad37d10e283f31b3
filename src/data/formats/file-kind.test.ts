import { describe, expect, it } from "vitest";
import { readFileSync, readdirSync } from "node:fs";
import { type FileKindId, misplacedFile, recogniseFile } from "./file-kind.js";
import { folderKind } from "./folder-kind.js";
import { memorySource } from "./byte-source.js";
import { openNpy } from "./npy.js";
import { readPickleDataset } from "./read-pickle-dataset.js";

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
const zip = (entry: string): string =>
  `PK\x03\x04${"\0".repeat(22)}${String.fromCharCode(entry.length)}\0\0\0${entry}`;

const samples: readonly (readonly [FileKindId, string])[] = [
  ["npz", zip("x.npy")],
  ["torch", zip("model/data.pkl")],
  ["torch", "\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19."],
  ["office", zip("[Content_Types].xml")],
  ["zip", zip("a.txt")],
  ["gzip", "\x1f\x8b\x08"],
  ["bzip2", "BZh91AY&SY"],
  ["xz", "\xfd7zXZ\0"],
  ["zstd", "\x28\xb5\x2f\xfd"],
  ["7z", "7z\xbc\xaf\x27\x1c"],
  ["rar", "Rar!\x1a\x07\0"],
  ["tar", `a.txt${"\0".repeat(252)}ustar`],
  ["hdf5", "\x89HDF\r\n\x1a\n"],
  ["hdf5", `MATLAB 7.3 MAT-file${"\0".repeat(493)}\x89HDF\r\n\x1a\n`],
  ["matlab", "MATLAB 5.0 MAT-file, Platform"],
  ["npy", "\x93NUMPY\x01\0"],
  ["pickle", "\x80\x04\x95\x10\0\0\0\0\0\0\0}\x94."],
  ["pickle", "(dp0\nS'train'\np1\n"],
  ["pickle", "}q\0(X\x05\0\0\0train"],
  ["safetensors", '\x40\0\0\0\0\0\0\0{"a":{}}'],
  ["parquet", "PAR1\x15"],
  ["sqlite", "SQLite format 3\0"],
  ["pdf", "%PDF-1.7"],
  ["image", "\xff\xd8\xff\xe0\0\x10JFIF"],
  ["image", "\0\0\0\x20ftypavif"],
  ["sound", "RIFF\x24\0\0\0WAVEfmt "],
  ["sound", "ID3\x04"],
  ["sound", "\xff\xfb\x90\x64"],
  ["video", "\0\0\0\x20ftypisom"],
  ["video", "\x1a\x45\xdf\xa3"],
  ["video", "RIFF\x24\0\0\0AVI LIST"],
  ["onnx", "\x08\x08\x12\x07pytorch"],
  ["lfs", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"],
  ["annex", "/annex/objects/SHA256E-s1--0.pkl\n"],
  ["html", "\n<!DOCTYPE html><html>"],
  ["xml", '<?xml version="1.0"?><svg/>'],
  ["subtitles", "WEBVTT\n\n"],
  ["subtitles", "1\r\n00:00:01,000 --> 00:00:02,000\r\nhi"],
  ["subtitles", "[Script Info]\nTitle: x"],
  ["textgrid", 'File type = "ooTextFile"\nObject class = "TextGrid"'],
  ["description", '{"task": {"kind": "regression"}, "splits": {"train": {"features": {}}}}'],
  ["json-lines", '{"id": 1, "text": "a"}\n{"id": 2}\n'],
  ["json", '{"audio": [0.1]}'],
  ["json", "[1, 2]"],
  ["table", "Sr No.,Utterance,Sentiment\n1,hi,positive\n"],
  ["table", "id\ttext\n1\tsch\xc3\xb6n\n"],
  ["text", "hello"],
];

describe("recogniseFile", () => {
  it.each(samples)("%s by %j", (id, content) => {
    expect(recogniseFile(bytesOf(content), "FILE")?.id).toBe(id);
  });

  it("has a case here for every kind of binary file", async () => {
    const { binaryKinds } = await import("./binary-kinds.js");
    const tried = new Set<string>(samples.map(([id]) => id));
    expect(binaryKinds.map(({ id }) => id).filter((id) => !tried.has(id))).toEqual([]);
  });

  it("knows the pickles of every protocol", () => {
    const folder = new URL("../../../test/fixtures/pickles/", import.meta.url);
    const pickles = readdirSync(folder).filter((name) => name.endsWith(".pkl"));
    expect(pickles.length).toBeGreaterThan(5);
    for (const name of pickles)
      expect([name, recogniseFile(readFileSync(new URL(name, folder)), name)?.id]).toEqual([name, "pickle"]);
  });

  it.each([
    "cos\nsystem\n(S'echo'\ntR.",
    "cmodule\nClass\np0\n.",
    "cmodule\nOuter.Inner\np0\n(tp1\nRp2\n.",
    "cmodule\nClass\n(I-3\nF1.5e-07\nL5L\ntR.",
    "cmodule\nClass\nq\0)Rq\x01}q\x02U\x01aK*sb.",
    "cmodule\nClass\n(K\x05tR.",
    "cmodule\nClass\n(tR.",
    "cmodule\nClass\n\x85R.",
    "cmodule\nClass\n)R.",
    `ccopy_reg\n_reconstructor\np0\n(cnumpy.core\nndarray\np1\n${"S'item'\na".repeat(1000)}`,
  ])("knows a pickle that begins with a global: %j", (content) => {
    expect(recogniseFile(bytesOf(content), "FILE")?.id).toBe("pickle");
  });

  it.each([
    "class\n0\n1\n",
    "clean\ntext\n",
    "class\npositive\npart\n",
    "class\ngood\nquiet\nrough\n",
    "class\na\n(bar)\n",
    "class\na\n(Very good)\nSad\n",
    "class\na\n(Inner)\n",
    "class\na\n.csv\n",
    "clip\np0\np1\n",
    "clip\nq1\np2\n",
    `class\n${"positive\n".repeat(1000)}`,
    `class\n${"0\n".repeat(3000)}`,
    "ID3,label\n1,0\n",
    "caffeine\n",
    "OggS\n",
    "fLaCs\n",
    ".sndrc\n",
    "#!AMR of a text\n",
    "PAR1,PAR2\n1,2\n",
    "ARROW1,text\n1,2\n",
    "FEA1\tFEA2\n1\t2\n",
    "GIF89a,label\n1,0\n",
    "RIFF for WAVE\n",
    "raw_mdat,label\n1,0\n",
    "G".repeat(500),
    `${"a word ".repeat(36)}bad:ustar`,
  ])("takes no text for a binary file by its letters: %j", (content) => {
    expect(["text", "table"]).toContain(recogniseFile(bytesOf(content), "FILE")?.id);
  });

  it("knows nothing of noise and of nothing, and takes no time for long files of one byte", () => {
    expect(recogniseFile(new Uint8Array(0), "FILE")).toBeUndefined();
    expect(recogniseFile(Uint8Array.of(0, 1, 2, 3, 250), "FILE")).toBeUndefined();
    for (let byte = 0; byte < 256; byte++) recogniseFile(new Uint8Array(5000).fill(byte), "FILE");
  });

  it("names the file in its remedy", () => {
    expect(recogniseFile(bytesOf("a,b\n1,2\n"), "dir/a.csv")?.remedy).toContain("euar extract dir/a.csv");
    expect(recogniseFile(bytesOf("\x1f\x8b"), "a.pkl.gz")?.remedy).toContain("gunzip -k a.pkl.gz");
  });
});

describe("readers name the actual kind of a file", () => {
  const refused = (content: string, read: (source: ReturnType<typeof memorySource>) => unknown): unknown => {
    try {
      return read(memorySource(bytesOf(content), "FILE"));
    } catch (error) {
      return error;
    }
  };

  it.each(samples.filter(([id]) => id !== "pickle"))(
    "%s where a pickle of a data set was meant",
    (_, content) => {
      const what = recogniseFile(bytesOf(content), "FILE")?.what ?? "";
      expect(refused(content, readPickleDataset)).toMatchObject({
        code: "data.format",
        message: `FILE is ${what}, where a pickle of a data set was expected.`,
        hint: recogniseFile(bytesOf(content), "FILE")?.remedy,
      });
    },
  );

  it("an archive in place of an array", () => {
    expect(refused(zip("x.npy"), openNpy)).toMatchObject({
      message: "FILE is a NumPy archive (.npz), where a NumPy array (.npy) was expected.",
    });
  });

  it("and nothing of their own inputs", () => {
    const use = { expected: ["json"], wanted: "JSON" } as const;
    expect(misplacedFile(bytesOf('{"a": 1}'), "FILE", use)).toBeUndefined();
    expect(misplacedFile(Uint8Array.of(0, 1, 250), "FILE", use)).toBeUndefined();
  });
});

describe("folderKind", () => {
  it.each([
    ["data set", ["dataset.json", "a.npy"]],
    ["run", ["config.json", "history.jsonl"]],
    ["clips", ["label.csv", "Raw"]],
    ["posts", ["train.jsonl", "dev.jsonl", "test.jsonl"]],
    ["posts", ["labelResultAll.txt", "data"]],
    ["media", ["1.mp4", "2.mp4"]],
    [undefined, ["a.txt"]],
  ])("%s", (id, names) => {
    const kind = folderKind(names, "DIR");
    expect(kind?.id).toBe(id);
    if (kind) expect(kind.remedy).toContain("DIR");
  });
});
