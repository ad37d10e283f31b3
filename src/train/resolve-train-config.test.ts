import { describe, expect, it } from "vitest";
import { euarPresets } from "../models/euar-config.js";
import { resolveTrainConfig, trainPresets } from "./resolve-train-config.js";

describe("a training configuration", () => {
  it("is completed by the preset, then by the defaults; given options win", () => {
    expect(resolveTrainConfig({ seed: 7 }, "official-code")).toMatchObject({
      seed: 7,
      learningRate: 2e-5,
      batchSize: 32,
      epochs: 200,
      patience: 0,
      clipNorm: 0,
    });
    expect(resolveTrainConfig({ batchSize: 8, epochs: undefined }, "paper")).toMatchObject({
      batchSize: 8,
      epochs: 100,
    });
  });

  it("has a preset for each of EUAR's", () => {
    expect(Object.keys(trainPresets)).toEqual(Object.keys(euarPresets));
    for (const name of Object.keys(trainPresets)) expect(() => resolveTrainConfig({}, name)).not.toThrow();
  });

  it("refuses what it does not know, with the name that was meant", () => {
    expect(() => resolveTrainConfig({ learningrate: 1 })).toThrow(
      expect.objectContaining({ code: "config.unknown-key", hint: 'Did you mean "learningRate"?' }) as Error,
    );
    expect(() => resolveTrainConfig({}, "offical-code")).toThrow(
      expect.objectContaining({ code: "config.invalid", hint: 'Did you mean "official-code"?' }) as Error,
    );
    expect(() => resolveTrainConfig({ plateauFactor: 1 })).toThrow(/plateauFactor/);
  });
});
