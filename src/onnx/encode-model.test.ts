import { describe, expect, it } from "vitest";
import { encodeModel } from "./encode-model.js";
import { GraphBuilder } from "./graph-builder.js";
import { fieldsOf, nested, textOf as text } from "./testing/read-model.js";
import { portNames } from "./modality-input.js";

function tinyGraph(): GraphBuilder {
  const graph = new GraphBuilder();
  const x = graph.input({ name: "x", type: "float", dims: ["batch", 2], description: "é" });
  const y = graph.within("head", () => graph.node("Softmax", [x], { axis: { int: -1 } }));
  const z = graph.node("ReduceMean", [graph.node("Mul", [y, graph.floats([1.5, -2])])], {
    axes: { ints: [1] },
    keepdims: { int: 0 },
  });
  graph.output({ name: "z", type: "float", dims: ["batch"], description: "" }, z);
  return graph;
}

describe("encodeModel", () => {
  const model = fieldsOf(
    encodeModel({
      producer: { name: "p", version: "1" },
      description: "d",
      graph: tinyGraph().graph("g"),
      metadata: { key: "value" },
    }),
  );
  it("writes the fields of ModelProto", () => {
    expect(model.get(1)).toEqual([8]);
    expect(text(model.get(2)?.[0])).toBe("p");
    expect(nested(model, 8).get(2)).toEqual([17]);
    expect([nested(model, 14).get(1), nested(model, 14).get(2)].map((field) => text(field?.[0]))).toEqual([
      "key",
      "value",
    ]);
  });
  it("writes nodes with negative and repeated attributes, tensors, and dimensions by number and name", () => {
    const graph = nested(model, 7);
    expect(graph.get(1)).toHaveLength(4);
    const softmax = nested(graph, 1);
    expect([softmax.get(1), softmax.get(2), softmax.get(4)].map((field) => text(field?.[0]))).toEqual([
      "x",
      "head/Softmax",
      "Softmax",
    ]);
    expect(nested(softmax, 5).get(3)).toEqual([-1]);
    expect(nested(softmax, 5).get(20)).toEqual([2]);
    const tensor = nested(graph, 5);
    expect([tensor.get(1), tensor.get(2)]).toEqual([[2], [1]]);
    expect(new Uint8Array(new Float32Array([1.5, -2]).buffer)).toEqual(
      Uint8Array.from(tensor.get(9)?.[0] as Uint8Array),
    );
    const shape = nested(nested(nested(nested(graph, 11), 2), 1), 2);
    expect(text(nested(shape, 1, 0).get(2)?.[0])).toBe("batch");
    expect(nested(shape, 1, 1).get(1)).toEqual([2]);
  });
});

describe("GraphBuilder", () => {
  it("stores a constant and a weight once, and names like nodes apart", () => {
    const graph = new GraphBuilder();
    expect(graph.scalar(1)).toEqual(graph.scalar(1));
    expect(graph.scalar(1)).not.toEqual(graph.scalar(1, "int64"));
    const read = (): number[] => [1, 2];
    expect(graph.weight("w", [2], read)).toEqual(graph.weight("w", [2], read));
    const [a, b] = [graph.node("Neg", [graph.scalar(1)]), graph.node("Neg", [graph.scalar(1)])];
    expect(a.name).not.toBe(b.name);
    expect(graph.graph("g").weights.map(({ name }) => name)).toEqual(["float[](1)", "int64[](1)", "w"]);
  });
  it("refuses two values of one name", () => {
    const graph = tinyGraph();
    expect(() => graph.input({ name: "x", type: "float", dims: [], description: "" })).toThrow(
      /already has a value "x"/,
    );
  });
});

describe("portNames", () => {
  it("makes unique identifiers", () => {
    const ids = portNames([
      "text",
      "Text 2",
      "text_2",
      "3d",
      "ton/höhe",
      "prediction",
      "uncertainty_text",
      "",
      "text",
    ]).map(({ id }) => id);
    expect(ids.slice(0, 5)).toEqual(["text", "Text_2", "text_2", "m3d", "ton_h_he"]);
    expect(ids).not.toContain("prediction");
    expect(ids).not.toContain("uncertainty_text");
    expect(new Set(ids).size).toBe(9);
    for (const id of ids) expect(id).toMatch(/^[A-Za-z_][A-Za-z0-9_]*$/);
  });
});
