import { describe, expect, it } from "vitest";
import { euarPresets } from "../models/euar-presets.js";
import { resolveTrainConfig } from "./resolve-train-config.js";

describe("a training configuration", () => {
  it("is completed by the preset, then by the defaults; given options win", () => {
    expect(resolveTrainConfig({ seed: 7 }, euarPresets["official-code"].train)).toMatchObject({
      seed: 7,
      learningRate: 2e-5,
      batchSize: 32,
      epochs: 200,
      patience: 0,
      clipNorm: 0,
    });
    expect(resolveTrainConfig({ batchSize: 8, epochs: undefined }, euarPresets.paper.train)).toMatchObject({
      batchSize: 8,
      epochs: 100,
    });
  });

  it("accepts the training options of every preset", () => {
    for (const { train } of Object.values(euarPresets))
      expect(() => resolveTrainConfig({}, train)).not.toThrow();
  });

  it("takes every kind of corruption of features for copies, by each of its names", () => {
    const copies = ["noise", "gaussian", "swap", "frame-drop"];
    expect(resolveTrainConfig({ copies }).copies).toEqual(copies);
    for (const kind of ["missing", "nose"])
      expect(() => resolveTrainConfig({ copies: [kind] })).toThrow(/copies.*changes features/);
  });

  it("refuses unknown options and suggests the nearest name", () => {
    expect(() => resolveTrainConfig({ learningrate: 1 })).toThrow(
      expect.objectContaining({ code: "config.unknown-key", hint: 'Did you mean "learningRate"?' }) as Error,
    );
    expect(() => resolveTrainConfig({ plateauFactor: 1 })).toThrow(/plateauFactor/);
  });
});
