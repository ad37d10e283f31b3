import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { defined } from "../core/defined.js";
import { parseCorruption } from "../corruption/parse-corruption.js";
import { encoderFolder } from "../encoders/encoder-folder.js";
import { contentsOf, memoryFiles } from "../encoders/testing/memory-files.js";
import type { TextEncoderOptions } from "../encoders/text-encoder-config.js";
import { buildEncoder } from "../encoders/open-encoder.js";
import { evaluate } from "../evaluate/evaluate.js";
import { encodedSplit } from "../models/encode-split.js";
import { encodedSignature } from "../models/encoded-text.js";
import type { ModelChoice } from "../models/registry.js";
import { Predictor } from "../predict/predictor.js";
import { forwardSplit } from "../predict/forward-split.js";
import { readSafetensors } from "../runs/safetensors.js";
import { createWasmBackend } from "../tensor/backends/wasm/index.js";
import { smallBert, smallEncoder, tokenised } from "./testing/text-data.js";
import { train, type TrainedRun } from "./train.js";
import type { TrainRequest } from "./train-request.js";

const base = {
  model: { name: "linear", config: { taskLoss: "l1" } },
  backend: "wasm",
  train: { epochs: 3, batchSize: 8, learningRate: 1e-2, optimiser: "adamw", patience: 0, normalise: "auto" },
} as const satisfies TrainRequest;

function requestOf(options: Partial<TextEncoderOptions>, more: Partial<TrainRequest> = {}): TrainRequest {
  return { ...base, encoder: smallEncoder({ textLearningRate: 5e-3, ...options }), ...more };
}

const LEARNING = { textLearningRate: 1e-2, textDropout: 0.05, textAttentionDropout: 0.05 };

function weightsOf({ model }: TrainedRun): Map<string, number[]> {
  const parameters = model.network.parameters.all();
  return new Map(parameters.map(({ name, buffer }) => [name, Array.from(buffer.view)]));
}

function newFolder(): string {
  return join(mkdtempSync(join(tmpdir(), "euar-encoded-")), "run");
}

describe("a model with an encoder inside", () => {
  it("learns, the same bits each time, with any batch at evaluation", async () => {
    const data = await tokenised();
    const run = await train(requestOf(LEARNING, { train: { ...base.train, epochs: 20 } }), data);
    const losses = run.history.map((record) => record.train["task"] ?? NaN);
    expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) * 0.6);
    const again = await train(requestOf(LEARNING, { train: { ...base.train, epochs: 20 } }), data);
    expect(weightsOf(again)).toEqual(weightsOf(run));
    const { valid } = data.splits;
    const one = forwardSplit(run.model.network, valid, 1, { batchSize: 1 });
    expect(forwardSplit(run.model.network, valid, 1).prediction).toEqual(one.prediction);
  });

  it.each<[string, Partial<TextEncoderOptions>, RegExp]>([
    ["all of it", {}, /./],
    ["the last layer", { textTrain: 1 }, /^layers\/1\//],
    ["the first of one layer kept", { textLayers: 1, textTrain: 1 }, /./],
    ["adapters", { textLora: 2 }, /lora-(up|down)$/],
    ["adapters of the last layer", { textLora: 2, textTrain: 1 }, /^layers\/1\/.*lora-(up|down)$/],
    ["nothing", { textTrain: 0 }, /^$/],
  ])("trains %s, and stores just that", async (_, options, expected) => {
    const out = newFolder();
    const run = await train(requestOf(options, { out }), await tokenised());
    const inside = [...weightsOf(run).keys()]
      .filter((name) => name.startsWith("text/transformer/"))
      .map((name) => name.replace("text/transformer/", ""));
    expect(inside.every((name) => expected.test(name))).toBe(true);
    expect(inside.length > 0).toBe(options.textTrain !== 0);
    const file = readSafetensors(readFileSync(join(out, "weights.safetensors")), "weights");
    const stored = [...file.tensors.keys()].filter((name) => name.startsWith("text/transformer/"));
    expect(stored.sort()).toEqual(inside.map((name) => `text/transformer/${name}`).sort());
    const loaded = await Predictor.load(out, { backend: "wasm" });
    const result = await evaluate(loaded, await tokenised());
    expect(result.metrics["MAE"]).toBe(run.metrics.test["MAE"]);
  });

  it("changes trained weights only", async () => {
    const data = await tokenised();
    const before = await train(requestOf({ textTrain: 1 }, { train: { ...base.train, epochs: 1 } }), data);
    const after = await train(requestOf({ textTrain: 1 }, { train: { ...base.train, epochs: 2 } }), data);
    const constants = (run: TrainedRun): number[][] =>
      (run.model.network.constants ?? []).map(({ buffer }) => Array.from(buffer.view));
    expect(constants(after)).toEqual(constants(before));
    expect(constants(before).length).toBeGreaterThan(10);
  });

  it("updates the embeddings of tokens that occurred, and no others", async () => {
    const data = await tokenised();
    const run = await train(requestOf({}, { train: { ...base.train, epochs: 1 } }), data);
    const start = smallEncoder().checkpoint;
    const words = weightsOf(run).get("text/transformer/embeddings/words") ?? [];
    const still = await train(requestOf({ textTrain: 0 }, { train: { ...base.train, epochs: 1 } }), data);
    const original = still.model.network.constants?.find(({ name }) => name.endsWith("embeddings/words"));
    const moved = Array.from({ length: start.shape.vocabulary }, (_, id) =>
      words.slice(8 * id, 8 * id + 8).some((value, d) => value !== original?.buffer.view[8 * id + d]),
    );
    expect(moved[0]).toBe(false); // [PAD]
    expect(moved[1]).toBe(false); // [UNK]
    expect(moved.slice(2)).toEqual(new Array<boolean>(10).fill(true));
  });

  it("gives the same bits interrupted and resumed", async () => {
    const data = await tokenised();
    const whole = await train(requestOf({ textDropout: 0.2 }), data);
    const out = newFolder();
    const controller = new AbortController();
    const interrupted = train(requestOf({ textDropout: 0.2 }, { out }), data, {
      signal: controller.signal,
      onEvent: (event) => {
        if (event.kind === "epoch" && event.record.epoch === 1) controller.abort();
      },
    });
    await expect(interrupted).rejects.toThrow(/interrupted/);
    const resumed = await train(requestOf({ textDropout: 0.2 }, { out, resume: true }), data);
    expect(weightsOf(resumed)).toEqual(weightsOf(whole));
  });

  it.each(["euar", "concat", "late-fusion"] as const)(
    "carries %s on the encoded text and audio",
    async (name) => {
      const config = name === "euar" ? { hidden: 8, experts: { count: 3 }, head: [8] } : { hidden: 8 };
      const request = requestOf({ textTrain: 1 }, { model: { name, config } });
      const run = await train(request, await tokenised());
      const still = await train(
        { ...request, encoder: smallEncoder({ textTrain: 1, textLearningRate: 1e-12 }) },
        await tokenised(),
      );
      expect(run.metrics.valid["MAE"]).not.toBe(still.metrics.valid["MAE"]); // gradients reach the encoder
      expect(run.model.config.data.modalities.map((info) => info.name)).toEqual(["text", "audio"]);
    },
  );

  it("solves ridge on a frozen encoder, and refuses an encoder that is trained", async () => {
    const ridge = { model: { name: "ridge" }, train: { seed: 1 } } as const;
    const run = await train({ ...requestOf({ textTrain: 0 }), ...ridge }, await tokenised());
    expect(run.metrics.test["MAE"]).toBeLessThan(1);
    await expect(train({ ...requestOf({}), ...ridge }, await tokenised())).rejects.toThrow(/closed form/);
  });

  it.each<ModelChoice>([
    { name: "linear" },
    { name: "ridge" },
    { name: "euar", config: { hidden: 8, experts: { count: 3 }, head: [8] } },
  ])("trains $name on a frozen encoder as on its vectors as features", async (model) => {
    const data = await tokenised();
    const settings = model.name === "ridge" ? { seed: 1 } : base.train;
    const request: TrainRequest = { ...requestOf({ textTrain: 0 }), model, train: settings };
    const { encoder: opened, ...onFeatures } = request;
    const encoder = buildEncoder(defined(opened), await createWasmBackend(), 1, 1);
    const features = await train(onFeatures, {
      ...data,
      modalities: encodedSignature(data, "text", encoder.shape).modalities,
      splits: {
        train: encodedSplit(data.splits.train, "text", encoder),
        valid: encodedSplit(data.splits.valid, "text", encoder),
        test: encodedSplit(data.splits.test, "text", encoder),
      },
    });
    const out = newFolder();
    const inside = await train({ ...request, out }, data);
    expect(weightsOf(inside)).toEqual(weightsOf(features));
    expect(inside.metrics).toEqual(features.metrics);
    const { normaliser } = inside.model;
    expect(normaliser.modalities["text/vectors"]).toEqual(features.model.normaliser.modalities["text"]);
    const loaded = await Predictor.load(out, { backend: "wasm" });
    expect((await evaluate(loaded, data)).metrics).toEqual(inside.metrics.test);
  });

  it("scores a raw text, with the tokens that it was trained on", async () => {
    const out = newFolder();
    await train(requestOf({}, { out }), await tokenised());
    const loaded = await Predictor.load(out, { backend: "wasm" });
    const text = await loaded.predictMedia({ text: "the film was good" });
    const own = loaded.predict({ text: [[2], [10], [7], [8], [6], [3]] }).prediction;
    expect(text.prediction).toBe(own);
    expect((await loaded.predictMedia({ text: "GOOD" })).prediction).toBe(
      (await loaded.predictMedia({ text: "good" })).prediction,
    );
    await loaded.close();
  });

  it("needs no encoder if it was merged, and the same encoder otherwise", async () => {
    const [merged, parts] = [newFolder(), newFolder()];
    const options = { textTrain: 1 };
    const run = await train(requestOf(options, { out: merged, merge: true }), await tokenised());
    await train(requestOf(options, { out: parts }), await tokenised());
    const nothing = memoryFiles({});
    const loaded = await Predictor.load(merged, { backend: "wasm", encoder: nothing });
    expect((await evaluate(loaded, await tokenised())).metrics["MAE"]).toBe(run.metrics.test["MAE"]);
    await expect(Predictor.load(parts, { backend: "wasm", encoder: nothing })).rejects.toThrow(
      /config\.json/,
    );
    const other = contentsOf(encoderFolder(smallBert).name);
    const weights = other["model.safetensors"] ?? new Uint8Array();
    weights[weights.length - 2400] = (weights[weights.length - 2400] ?? 0) ^ 1;
    await expect(Predictor.load(parts, { backend: "wasm", encoder: memoryFiles(other) })).rejects.toThrow(
      /not the encoder that the run was trained with/,
    );
  });
});

describe("invalid combinations are refused before any work", () => {
  it.each<[string, Partial<TextEncoderOptions>, RegExp]>([
    ["more layers than there are", { textLayers: 3 }, /has 2 layers, not 3/],
    [
      "more layers to train than are kept",
      { textLayers: 1, textTrain: 2 },
      /cannot train 2 layers .* only 1 are kept/,
    ],
  ])("%s", async (_, options, message) => {
    await expect(train(requestOf(options), await tokenised())).rejects.toThrow(message);
  });

  it("a tokenizer of another encoder", async () => {
    const data = await tokenised();
    const text = data.splits.train.modalities["text"];
    if (!text) throw new Error("the data have no text");
    const values = text.values.slice();
    values[1] = 77;
    const spoilt = {
      ...data,
      splits: {
        ...data.splits,
        train: {
          ...data.splits.train,
          modalities: { ...data.splits.train.modalities, text: { ...text, values } },
        },
      },
    };
    await expect(train(requestOf({}), spoilt)).rejects.toThrow(/tokenizer does not fit/);
  });

  it("corrupted copies, which are made of features", async () => {
    const request = requestOf({}, { train: { ...base.train, copies: ["noise"] } });
    await expect(train(request, await tokenised())).rejects.toThrow(/corrupted copies need features/);
  });

  it("noise on features, which token ids are not", async () => {
    const data = await tokenised();
    const { model } = await train(requestOf({}), data);
    const noise = (modality?: string): Promise<unknown> =>
      evaluate(model, data, { corruption: [{ kind: "gaussian", amount: 1, ...(modality && { modality }) }] });
    await expect(noise()).rejects.toThrow(/token ids/);
    const hint = "Name another modality: audio=gaussian:1.";
    await expect(noise("text")).rejects.toMatchObject({ code: "config.conflict", hint });
    expect(parseCorruption("audio=gaussian:1")).toEqual([{ kind: "gaussian", amount: 1, modality: "audio" }]);
    await expect(noise("audio")).resolves.toBeDefined();
  });

  it("counts texts that are cut off", async () => {
    const data = await tokenised(5);
    expect(data.notes).toContain("warning: 2 texts are longer than the encoder reads and were cut off");
    expect(data.modalities[0]).toEqual({ name: "text", width: 1, steps: 5 });
  });
});
