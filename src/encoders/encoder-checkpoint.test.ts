import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ParameterSet } from "../nn/parameter-set.js";
import { createReferenceBackend } from "../tensor/backends/reference/index.js";
import { EncoderCheckpoint } from "./encoder-checkpoint.js";
import { encoderFolder } from "./encoder-folder.js";
import { EncoderStack } from "./encoder-stack.js";
import { fixtureEncoder, fixtureFolder, wholeStack } from "./testing/family-fixture.js";
import { contentsOf, type FileContents, memoryFiles, safetensorsWith } from "./testing/memory-files.js";
import { EncoderWeights } from "./weight-store.js";

const bert = contentsOf(fixtureFolder("bert"));

function fill(contents: FileContents): string {
  const checkpoint = EncoderCheckpoint.open(memoryFiles(contents));
  const weights = new EncoderWeights(new ParameterSet(createReferenceBackend(), 1), "text/encoder");
  new EncoderStack(weights, checkpoint.shape, wholeStack);
  checkpoint.fill(weights);
  return checkpoint.digest();
}

function withConfig(change: Readonly<Record<string, unknown>>): FileContents {
  const config = JSON.parse(new TextDecoder().decode(bert["config.json"])) as Record<string, unknown>;
  return { ...bert, "config.json": new TextEncoder().encode(JSON.stringify({ ...config, ...change })) };
}

/** Adds a word with this id to the tokenizer. */
function withWord(id: number): FileContents {
  const tokenizer = JSON.parse(new TextDecoder().decode(bert["tokenizer.json"])) as {
    model: { vocab: Record<string, number> };
  };
  tokenizer.model.vocab["added"] = id;
  return { ...bert, "tokenizer.json": new TextEncoder().encode(JSON.stringify(tokenizer)) };
}

function without(file: string): FileContents {
  return Object.fromEntries(Object.entries(bert).filter(([name]) => name !== file));
}

const QUANTISED = {
  "embeddings.word_embeddings.weight": { dtype: "I8", shape: [12, 8], data_offsets: [0, 0] },
};

describe("the identity of an encoder", () => {
  it("is the same from a folder and from memory, and changes with one bit of a weight", () => {
    const whole = fill(bert);
    expect(fixtureEncoder("bert", createReferenceBackend()).checkpoint.digest()).toBe(whole);
    const changed = bert["model.safetensors"]?.slice() ?? new Uint8Array();
    const last = changed.length - 4 * 600;
    changed[last] = (changed[last] ?? 0) ^ 1;
    expect(fill({ ...bert, "model.safetensors": changed })).not.toBe(whole);
  });

  it.skipIf(!existsSync("/proc/self/fd"))("is read without leaving files open", () => {
    const open = (): number => readdirSync("/proc/self/fd").length;
    const before = open();
    for (const family of ["bert", "roberta"] as const)
      // one file of weights, and two
      fixtureEncoder(family, createReferenceBackend()).checkpoint.digest();
    expect(open()).toBe(before);
  });

  it("reads only the layers that are kept", () => {
    const backend = createReferenceBackend();
    const { stack } = fixtureEncoder("bert", backend, { ...wholeStack, layers: 1, trained: 1 });
    expect(stack.weights.all().some(([name]) => name.startsWith("layers/1/"))).toBe(false);
  });
});

describe("files that cannot be used are refused before any work", () => {
  it.each<[string, FileContents, string, RegExp]>([
    ["no configuration", without("config.json"), "media.not-found", /has no config\.json/],
    ["no weights", without("model.safetensors"), "media.not-found", /has no model\.safetensors/],
    ["an unknown architecture", withConfig({ model_type: "gpt2" }), "media.unsupported", /"gpt2"/],
    ["no architecture", withConfig({ model_type: undefined }), "media.unsupported", /null/],
    [
      "relative positions of BERT",
      withConfig({ position_embedding_type: "relative_key" }),
      "media.unsupported",
      /relative_key/,
    ],
    ["an unknown activation", withConfig({ hidden_act: "swish" }), "media.unsupported", /swish/],
    ["heads that do not divide the width", withConfig({ num_attention_heads: 3 }), "media.damaged", /divide/],
    ["an impossible size", withConfig({ hidden_size: -8 }), "media.damaged", /hidden_size is -8/],
    ["a size of another file", withConfig({ intermediate_size: 16 }), "media.damaged", /requires \[16, 8\]/],
    [
      "more layers than the file has",
      withConfig({ num_hidden_layers: 2, vocab_size: 99 }),
      "media.damaged",
      /99/,
    ],
    ["the tokenizer of another encoder", withWord(12), "media.mismatch", /the token id 12, .* has 12 tokens/],
    [
      "weights that are quantised",
      { ...bert, "model.safetensors": safetensorsWith(QUANTISED, 0) },
      "media.damaged",
      /"embeddings\.word_embeddings\.weight" is stored as I8/,
    ],
    [
      "no JSON",
      { ...bert, "config.json": new TextEncoder().encode("{") },
      "media.damaged",
      /config\.json of models\/spoilt is not usable: it is not JSON/,
    ],
  ])("%s", (_, contents, code, message) => {
    const attempt = (): string => fill(contents);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(expect.objectContaining({ code }) as Error);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ["a few bytes", new Uint8Array(3), /it has 3 bytes/],
    ["a header longer than the file", safetensorsWith({}, 0, 10_000), /states a header of 10000 bytes/],
    ["a header that is no JSON", safetensorsWith("{]", 0), /header is not JSON/],
    ["a header that is a list", safetensorsWith([], 0), /not a JSON object/],
    [
      "a tensor beyond the end",
      safetensorsWith({ a: { dtype: "F32", shape: [4], data_offsets: [0, 16] } }, 8),
      /ends at byte 16 of 8/,
    ],
    [
      "a shape that needs more bytes than its place has",
      safetensorsWith({ a: { dtype: "F32", shape: [1e6, 1e6], data_offsets: [0, 16] } }, 16),
      /needs 4000000000000 bytes, but its range has 16/,
    ],
    [
      "tensors that overlap",
      safetensorsWith(
        {
          a: { dtype: "F32", shape: [2], data_offsets: [0, 8] },
          b: { dtype: "F32", shape: [2], data_offsets: [4, 12] },
        },
        12,
      ),
      /"a" and "b" overlap/,
    ],
    [
      "a type that is none",
      safetensorsWith({ a: { dtype: "F31", shape: [2], data_offsets: [0, 8] } }, 8),
      /type "F31"/,
    ],
    [
      "no place",
      safetensorsWith({ a: { dtype: "F32", shape: [2] } }, 8),
      /does not state the position of "a"/,
    ],
    ["none of the tensors", safetensorsWith({}, 0), /have no tensor "embeddings.word_embeddings.weight"/],
  ])("weights with %s", (_, file, message) => {
    expect(() => fill({ ...bert, "model.safetensors": file })).toThrow(message);
  });

  it("a value that is not finite", () => {
    const file = bert["model.safetensors"]?.slice() ?? new Uint8Array();
    file.fill(0xff, file.length - 1200, file.length - 400);
    expect(() => fill({ ...bert, "model.safetensors": file })).toThrow(/not all finite/);
  });

  it("an index that leads out of the folder, or to a part that is not there", () => {
    const index = (file: string): FileContents => ({
      ...without("model.safetensors"),
      "model.safetensors.index.json": new TextEncoder().encode(JSON.stringify({ weight_map: { a: file } })),
    });
    expect(() => fill(index("../../secret.safetensors"))).toThrow(/not a file of the encoder/);
    expect(() => fill(index("model-00001-of-00002.safetensors"))).toThrow(/has no model-00001/);
  });

  it("a pickle: the hint says how to convert it to safetensors", () => {
    const contents = { ...without("model.safetensors"), "pytorch_model.bin": new Uint8Array(4) };
    expect(() => fill(contents)).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("save_pretrained") as string }) as Error,
    );
  });

  it("a folder in place of a file", () => {
    const folder = mkdtempSync(join(tmpdir(), "euar-encoder-"));
    try {
      mkdirSync(join(folder, "config.json"));
      expect(() => EncoderCheckpoint.open(encoderFolder(folder))).toThrow(/not a regular file/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("a folder that does not exist", () => {
    expect(() => encoderFolder("/nowhere/encoder")).toThrow(/no encoder at/);
  });
});
