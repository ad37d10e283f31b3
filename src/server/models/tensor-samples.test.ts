import { describe, expect, it } from "vitest";
import { type StoredTensor, writeSafetensors } from "../../runs/safetensors.js";
import { tensorSamples } from "./tensor-samples.js";

const tensor = (...shape: number[]): StoredTensor => ({
  shape,
  values: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i),
});
const bodyOf = (tensors: Readonly<Record<string, StoredTensor>>, metadata: Record<string, string> = {}) =>
  writeSafetensors({ tensors: new Map(Object.entries(tensors)), metadata });
const modalities = [
  { name: "text", width: 2, steps: 1 },
  { name: "audio", width: 3, steps: 1 },
];
const read = (...given: Parameters<typeof bodyOf>) => tensorSamples(bodyOf(...given), 4, modalities);

describe("samples of a safetensors body", () => {
  it("are one for vectors, and one per row for matrices", () => {
    const one = read({ text: tensor(2), audio: tensor(3) });
    expect(one).toEqual({
      many: false,
      samples: [
        {
          kind: "features",
          id: undefined,
          features: { text: Float32Array.of(0, 1), audio: Float32Array.of(0, 1, 2) },
        },
      ],
    });
    const two = read({ text: tensor(2, 2), audio: tensor(2, 1, 3) }, { ids: '["a", null]', format: "np" });
    expect(two.many).toBe(true);
    expect(two.samples).toEqual([
      {
        kind: "features",
        id: "a",
        features: { text: Float32Array.of(0, 1), audio: [Float32Array.of(0, 1, 2)] },
      },
      {
        kind: "features",
        id: undefined,
        features: { text: Float32Array.of(2, 3), audio: [Float32Array.of(3, 4, 5)] },
      },
    ]);
  });

  it("have steps for tensors of three dimensions", () => {
    const [, second] = read({ text: tensor(2, 2, 2) }).samples;
    expect(second).toMatchObject({ features: { text: [Float32Array.of(4, 5), Float32Array.of(6, 7)] } });
  });

  it.each([
    ["no tensor", {}, {}, "data.empty"],
    ["no sample", { text: tensor(0, 2) }, {}, "data.empty"],
    ["another width", { text: tensor(2, 5, 1) }, {}, "data.width-mismatch"],
    ["another modality", { smell: tensor(2, 5, 1) }, {}, "data.unknown-modality"],
    ["no width", { text: tensor(2, 1000000, 0) }, {}, "data.empty"],
    ["a number", { text: tensor() }, {}, "data.format"],
    ["four dimensions", { text: tensor(1, 1, 1, 1) }, {}, "data.format"],
    ["a vector and a matrix", { text: tensor(2), audio: tensor(2, 3) }, {}, "data.format"],
    ["other numbers of samples", { text: tensor(2, 2), audio: tensor(3, 3) }, {}, "data.format"],
    ["too many samples", { text: tensor(5, 2) }, {}, "data.format"],
    ["too few ids", { text: tensor(2, 2) }, { ids: '["a"]' }, "data.format"],
    ["ids that are no list", { text: tensor(2, 2) }, { ids: "a" }, "data.format"],
    ["an id that is an object", { text: tensor(1, 2) }, { ids: "[{}]" }, "data.format"],
    [
      "a thousand tensors",
      Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`m${i}`, tensor(1)])),
      {},
      "data.format",
    ],
  ])("refuse %s", (_, tensors, metadata, code) => {
    expect(() => read(tensors, metadata)).toThrow(expect.objectContaining({ code }));
  });

  it("refuse bytes of another kind, and files that are cut", () => {
    const bytes = bodyOf({ text: tensor(2) });
    for (const wrong of [new Uint8Array(0), new TextEncoder().encode("{}"), bytes.slice(0, -1)])
      expect(() => tensorSamples(wrong, 4, modalities)).toThrow(
        expect.objectContaining({ code: "data.format" }),
      );
  });
});
