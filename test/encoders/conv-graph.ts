import { encodeModel } from "../../src/onnx/encode-model.js";
import { GraphBuilder, type Value } from "../../src/onnx/graph-builder.js";
import { normalAt, randomKey } from "../../src/core/random.js";

export interface ImageModelShape {
  readonly layout?: "nchw" | "nhwc";
  /** Sides of the input; a name for any size. */
  readonly side?: number | string;
  readonly channels?: number;
  /**
   * Output. "image": the input, in the layout of a feature map. "rows": a feature map with its channels last.
   */
  readonly output?: "image" | "pooled" | "logits" | "tokens" | "rows";
}

export const CLASSES = 5;

/**
 * Makes a small network that reads images, with the names that exporters of transformers use and random
 * weights.
 */
export function imageModel({
  layout = "nchw",
  side = "side",
  channels = 4,
  output = "pooled",
}: ImageModelShape = {}): Uint8Array {
  const graph = new GraphBuilder();
  const dims = layout === "nchw" ? ["batch", 3, side, side] : ["batch", side, side, 3];
  const input = graph.input({ name: "pixel_values", type: "float", dims, description: "" });
  const image =
    layout === "nchw" ? input : graph.node("Transpose", [input], { perm: { ints: [0, 3, 1, 2] } });
  const drawn = (name: string, shape: number[]): Value => {
    const key = randomKey(5, name);
    return graph.weight(name, shape, () =>
      Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => 0.3 * normalAt(key, i)),
    );
  };
  if (output === "image") {
    graph.output({ name: "pixels", type: "float", dims: ["batch", 3, side, side], description: "" }, image);
    return file(graph);
  }
  const map = graph.node("Conv", [image, drawn("weight", [channels, 3, 3, 3])], {
    kernel_shape: { ints: [3, 3] },
    strides: { ints: [2, 2] },
  });
  const pooled = graph.node("GlobalAveragePool", [map]);
  if (output === "tokens") {
    const rows = graph.node("Transpose", [graph.node("Reshape", [map, graph.integers([0, 0, -1])])], {
      perm: { ints: [0, 2, 1] },
    });
    graph.output(
      { name: "last_hidden_state", type: "float", dims: ["batch", "tokens", channels], description: "" },
      rows,
    );
  }
  if (output === "rows")
    graph.output(
      { name: "map", type: "float", dims: ["batch", "height", "width", channels], description: "" },
      graph.node("Transpose", [map], { perm: { ints: [0, 2, 3, 1] } }),
    );
  if (output === "pooled")
    graph.output(
      { name: "pooler_output", type: "float", dims: ["batch", channels, 1, 1], description: "" },
      pooled,
    );
  if (output === "logits") {
    const flat = graph.node("Flatten", [pooled]);
    graph.output({ name: "features", type: "float", dims: ["batch", channels], description: "" }, flat);
    graph.output(
      { name: "logits", type: "float", dims: ["batch", CLASSES], description: "" },
      graph.node("MatMul", [flat, drawn("classes", [channels, CLASSES])]),
    );
  }
  return file(graph);
}

function file(graph: GraphBuilder): Uint8Array {
  return encodeModel({
    producer: { name: "test", version: "0" },
    description: "",
    graph: graph.graph("image"),
    metadata: {},
  });
}
