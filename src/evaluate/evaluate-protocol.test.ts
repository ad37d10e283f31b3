import { beforeAll, describe, expect, it } from "vitest";
import { builtInProtocol } from "../protocols/built-in.js";
import { checkProtocol } from "../protocols/protocol.js";
import type { Predictor } from "../predict/predictor.js";
import { evaluate } from "./evaluate.js";
import { evaluateProtocol } from "./evaluate-protocol.js";
import { errorOf } from "../core/testing/error-of.js";
import { toyDataset } from "../data/testing/toy-dataset.js";
import { train } from "../train/train.js";
import { selectModalities } from "../data/select-modalities.js";

const dataset = toyDataset();
const modalities = ["text", "audio"];
let model: Predictor;
let textAlone: Predictor;

beforeAll(async () => {
  const request = { model: { name: "linear" as const }, train: { epochs: 3 } };
  model = (await train(request, dataset)).model;
  textAlone = (await train(request, selectModalities(dataset, ["text"]))).model;
});

describe("evaluateProtocol", () => {
  it("equals evaluate with the corruption, modalities and seed of each condition", async () => {
    const protocol = checkProtocol(
      {
        format: "euar-protocol/1",
        name: "mine",
        seed: 9,
        conditions: [{}, { noise: "missing:0.4" }, { available: ["text"], noise: "gaussian:1" }],
      },
      "here",
    );
    const seen: string[] = [];
    const result = await evaluateProtocol({
      protocol,
      modalities,
      dataset,
      modelOf: () => model,
      onProgress: (done, total, name) => seen.push(`${done}/${total} ${name}`),
    });
    const alone = [
      await evaluate(model, dataset, {}),
      await evaluate(model, dataset, { corruption: [{ kind: "missing", amount: 0.4 }], seed: 9 }),
      await evaluate(model, dataset, {
        corruption: [{ kind: "gaussian", amount: 1 }],
        available: ["text"],
        seed: 9,
      }),
    ];
    expect(result.conditions.map(({ metrics }) => metrics)).toEqual(alone.map(({ metrics }) => metrics));
    expect(new Set(result.conditions.map(({ metrics }) => metrics["MAE"])).size).toBe(3);
    expect(result.conditions.map(({ name, noise, available }) => [name, noise, available])).toEqual([
      ["clean", "", modalities],
      ["missing:0.4", "missing:0.4", modalities],
      ["text gaussian:1", "gaussian:1", ["text"]],
    ]);
    const mean = alone.reduce((sum, { metrics }) => sum + (metrics["MAE"] ?? NaN), 0) / 3;
    expect(result.summary.metrics["MAE"]).toBeCloseTo(mean, 12);
    expect(seen).toEqual(["0/3 clean", "1/3 missing:0.4", "2/3 text gaussian:1", "3/3 "]);
  });

  it("the hash is the protocol's: another seed is another protocol", async () => {
    const hashOf = async (seed: number): Promise<string> =>
      (
        await evaluateProtocol({
          protocol: { ...builtInProtocol("fixed-missing"), seed },
          modalities,
          dataset,
          modelOf: () => model,
        })
      ).protocolHash;
    expect(await hashOf(1)).toBe(await hashOf(1));
    expect(await hashOf(1)).not.toBe(await hashOf(2));
  });

  it("reports the mean of each group, and how evenly the modalities contribute", async () => {
    const protocol = builtInProtocol("missmac-bench");
    const result = await evaluateProtocol({ protocol, modalities, dataset, modelOf: () => model });
    const errors = new Map(result.conditions.map(({ name, metrics }) => [name, metrics["MAE"] ?? NaN]));
    const [text, audio, both] = ["text", "audio", "text+audio"].map((name) => errors.get(name) ?? NaN);
    const { summary, equity } = result;
    if (summary.kind !== "mean" || text === undefined || audio === undefined || both === undefined)
      throw new Error("the summary is another");
    expect(summary.groups?.["fixed"]?.["MAE"]).toBeCloseTo((text + audio + both) / 3, 12);
    expect(equity?.["MAE"]?.contributions).toEqual({ text: audio - both, audio: text - both });
    expect(result.conditions.map(({ group }) => group).slice(2, 4)).toEqual(["fixed", "random"]);
    const other = builtInProtocol("random-missing");
    const without = await evaluateProtocol({ protocol: other, modalities, dataset, modelOf: () => model });
    expect(without.equity).toBeNull();
  });

  it("refuses a model that was trained with missing modalities, and protocols for media", async () => {
    const { config } = model;
    const other = { ...config, train: { ...config.train, modalityDropout: 0.2 } };
    const dropped = Object.create(model, { config: { value: other } }) as Predictor;
    const request = { modalities, dataset, modelOf: () => dropped };
    const bench = { ...request, protocol: builtInProtocol("missmac-bench") };
    const refused = await errorOf(evaluateProtocol(bench));
    expect(refused.code).toBe("checkpoint.mismatch");
    expect(refused.message).toContain("with modality dropout 0.2");
    const media = checkProtocol(
      {
        format: "euar-protocol/1",
        name: "hiss",
        seed: 1,
        conditions: [{ damage: "audio=white-noise:0.5" }],
      },
      "here",
    );
    const { message } = await errorOf(evaluateProtocol({ ...request, protocol: media }));
    expect(message).toContain("the protocol hiss corrupts raw media");
  });

  it("identifies the tested data by the fingerprint of a run on them", async () => {
    const protocol = builtInProtocol("fixed-missing");
    const result = await evaluateProtocol({ protocol, modalities, dataset, modelOf: () => model });
    expect(result.dataFingerprint).toBe(model.config.data.fingerprint);
    expect(
      (
        await evaluateProtocol({
          protocol,
          modalities,
          dataset: toyDataset({ seed: 6 }),
          modelOf: () => model,
        })
      ).dataFingerprint,
    ).not.toBe(result.dataFingerprint);
  });

  it("retrain: requests the model of each subset, and refuses a model of other modalities", async () => {
    const protocol = builtInProtocol("fixed-missing-retrain");
    const asked: string[] = [];
    const run = evaluateProtocol({
      protocol,
      modalities,
      dataset,
      modelOf: ({ name }) => {
        asked.push(name);
        return name === "text" ? textAlone : model;
      },
    });
    const error = await errorOf(run);
    expect(error).toMatchObject({ code: "checkpoint.mismatch" });
    expect(asked).toEqual(["text", "audio"]);
    const only = await evaluateProtocol({
      protocol,
      modalities: ["text"],
      dataset,
      modelOf: () => textAlone,
    });
    expect(only.conditions[0]?.metrics).toEqual((await evaluate(textAlone, dataset)).metrics);
    expect(only.warnings).toEqual([]);
  });
});
