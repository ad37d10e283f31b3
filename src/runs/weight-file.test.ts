import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EuarError } from "../core/errors.js";
import { canonicalJson } from "./canonical-json.js";
import { Predictor } from "../predict/predictor.js";
import { hashText } from "./hash.js";
import { readSafetensors, type StoredTensor, writeSafetensors } from "./safetensors.js";
import { toyDataset } from "../data/testing/toy-dataset.js";
import { train } from "../train/train.js";

const folder = mkdtempSync(join(tmpdir(), "euar-weights-"));
const out = join(folder, "run");
const file = join(folder, "changed.safetensors");
let good: ReturnType<typeof readSafetensors>;

beforeAll(async () => {
  await train(
    {
      model: { name: "euar", config: { hidden: 8, experts: { count: 2 }, head: [] } },
      train: { epochs: 1 },
      out,
    },
    toyDataset(),
  );
  good = readSafetensors(readFileSync(join(out, "weights.safetensors")), "weights");
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

type Json = Record<string, unknown>;

/** Loads the file after a change of its configuration with a matching hash, as an attacker could write it. */
async function load(
  change: (config: Json) => unknown,
  tensors = good.tensors,
  metadata: Record<string, string> = {},
): Promise<Predictor> {
  const changed = canonicalJson(change(JSON.parse(good.metadata["config"] ?? "{}") as Json));
  writeFileSync(
    file,
    writeSafetensors({
      tensors,
      metadata: { ...good.metadata, config: changed, hash: hashText(changed), ...metadata },
    }),
  );
  return Predictor.load(file);
}

const same = (config: Json): Json => config;

function withOption(key: string, value: unknown): (config: Json) => Json {
  return (config) => {
    const model = config["model"] as Json;
    return { ...config, model: { ...model, config: { ...(model["config"] as Json), [key]: value } } };
  };
}

function withTensor(name: string, tensor: StoredTensor | undefined): Map<string, StoredTensor> {
  const tensors = new Map(good.tensors);
  if (tensor) tensors.set(name, tensor);
  else tensors.delete(name);
  return tensors;
}

describe("a weight file with the right hash", () => {
  it("is accepted when nothing is wrong", async () => {
    expect((await load(same)).predict({ text: [1, 2, 3, 4, 5, 6] }).prediction).toBeTypeOf("number");
  });

  it("is read as if the later parts of a model were absent", async () => {
    const today = await load(same);
    const earlier = await load((config) => {
      const { losses, awareness, ...options } = (config["model"] as Json)["config"] as Record<string, Json>;
      const { alone, ...ownLosses } = losses ?? {};
      const { distance, ...ownAwareness } = awareness ?? {};
      expect([alone, distance]).toEqual([null, null]);
      const without = { ...options, losses: ownLosses, awareness: ownAwareness };
      return { ...config, model: { ...(config["model"] as Json), config: without } };
    });
    const sample = { text: [1, 2, 3, 4, 5, 6] };
    expect(earlier.predict(sample)).toEqual(today.predict(sample));
    expect(earlier.config.model.config).toEqual(today.config.model.config);
  });

  const data =
    (change: Json) =>
    (config: Json): Json => ({ ...config, data: { ...(config["data"] as Json), ...change } });
  const hostile: [string, (config: Json) => unknown][] = [
    ["an empty configuration", () => ({})],
    ["a list for a configuration", () => []],
    ["no model", (config) => ({ ...config, model: null })],
    ["an unknown model", (config) => ({ ...config, model: { name: "../x", config: {} } })],
    ["options that are missing", (config) => ({ ...config, model: { name: "euar", config: {} } })],
    ["an option that is an object", withOption("hidden", { a: 1 })],
    ["a width that is text", withOption("hidden", "8")],
    ["a negative number of experts", withOption("experts", -1)],
    ["half an expert", withOption("experts", 0.5)],
    ["a head that is no list", withOption("head", 7)],
    ["another width", withOption("hidden", 9)],
    ["no task", data({ task: null })],
    ["a task without outputs", data({ task: { kind: "regression", targets: [] } })],
    ["no modalities", data({ modalities: [] })],
    ["a modality without width", data({ modalities: [{ name: "text", width: "6", steps: 1 }] })],
    [
      "a modality twice",
      data({
        modalities: [
          { name: "text", width: 6, steps: 1 },
          { name: "text", width: 6, steps: 1 },
        ],
      }),
    ],
    ["no training part", (config) => ({ ...config, train: 3 })],
  ];
  it.each(hostile)("is refused with %s", async (_, change) => {
    const error: unknown = await load(change).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(EuarError);
    expect((error as EuarError).code).toMatch(/^checkpoint\./);
  });

  it("is refused with an origin of its features that no adapter has", async () => {
    const origin = {
      adapter: "text/x",
      version: 1,
      packages: {},
      options: {},
      width: 3,
      preparation: { align: "none", steps: null, pool: "mean", fps: null },
    };
    const withFeatures =
      (features: unknown) =>
      (config: Json): Json => ({ ...config, data: { ...(config["data"] as Json), features } });
    expect((await load(withFeatures({ text: origin }))).config.data.features).toEqual({ text: origin });
    for (const bad of [
      [],
      { text: 3 },
      { text: { ...origin, adapter: 1 } },
      { text: { ...origin, options: { a: {} } } },
      { text: { ...origin, preparation: { align: "left" } } },
    ]) {
      await expect(load(withFeatures(bad))).rejects.toMatchObject({ code: "checkpoint.format" });
    }
  });

  it("is refused with weights or statistics that are missing, of another size, or not finite", async () => {
    const bias = "text/experts/bias";
    const known = [...good.tensors.keys()].find((name) => !name.startsWith("normaliser:")) ?? bias;
    const size = good.tensors.get(known)?.values.length ?? 0;
    const broken: Map<string, StoredTensor>[] = [
      withTensor(known, undefined),
      withTensor(known, { shape: [1], values: Float32Array.of(1) }),
      withTensor(known, { shape: [size], values: new Float32Array(size).fill(NaN) }),
      withTensor("normaliser:text/mean", undefined),
      withTensor("normaliser:text/std", { shape: [6], values: new Float64Array(6) }),
      withTensor("normaliser:text/mean", { shape: [6], values: new Float64Array(6).fill(Infinity) }),
    ];
    for (const tensors of broken) {
      const error: unknown = await load(same, tensors).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(EuarError);
      expect((error as EuarError).code).toMatch(/^checkpoint\./);
    }
    await expect(load(same, good.tensors, { normaliser: "{}" })).rejects.toThrow(/normalisation/);
    await expect(load(same, good.tensors, { normaliser: "null" })).rejects.toThrow(/normaliser/);
  });
});
