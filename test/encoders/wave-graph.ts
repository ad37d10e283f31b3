import { normalAt, randomKey } from "../../src/core/random.js";
import { encodeModel } from "../../src/onnx/encode-model.js";
import { GraphBuilder } from "../../src/onnx/graph-builder.js";

export interface WaveModelShape {
  readonly channels?: number;
  /** Number of samples of the input; a name for any number. */
  readonly samples?: number | string;
  /** True for an input attention_mask, as in HuBERT's larger models. It is added to the waveform, minus 1. */
  readonly masked?: boolean;
  /** "frames": [1, T, D]. "vector": their mean [1, D]. */
  readonly output?: "frames" | "vector";
}

/** Kernel size of the first convolutions of wav2vec 2.0: 25 ms every 20 ms. */
export const KERNEL = 400;
export const STRIDE = 320;

/** [channels, KERNEL] */
export function waveWeights(channels: number): Float32Array {
  const key = randomKey(6, "wave");
  return Float32Array.from({ length: channels * KERNEL }, (_, i) => 0.1 * normalAt(key, i));
}

/**
 * Makes a small network that reads a waveform, with the names that exporters of transformers use and random
 * weights.
 */
export function waveModel({
  channels = 3,
  samples = "samples",
  masked = false,
  output = "frames",
}: WaveModelShape = {}): Uint8Array {
  const graph = new GraphBuilder();
  let wave = graph.input({ name: "input_values", type: "float", dims: ["batch", samples], description: "" });
  if (masked) {
    const mask = graph.input({
      name: "attention_mask",
      type: "float",
      dims: ["batch", samples],
      description: "",
    });
    wave = graph.node("Sub", [
      graph.node("Add", [wave, mask]),
      graph.weight("one", [1], () => Float32Array.of(1)),
    ]);
  }
  const rows = graph.node("Reshape", [wave, graph.integers([0, 1, -1])]); // [1, 1, N]
  const weight = graph.weight("weight", [channels, 1, KERNEL], () => waveWeights(channels));
  const planes = graph.node("Conv", [rows, weight], {
    kernel_shape: { ints: [KERNEL] },
    strides: { ints: [STRIDE] },
  }); // [1, D, T]
  const frames = graph.node("Transpose", [planes], { perm: { ints: [0, 2, 1] } });
  if (output === "frames")
    graph.output(
      { name: "last_hidden_state", type: "float", dims: ["batch", "frames", channels], description: "" },
      frames,
    );
  else
    graph.output(
      { name: "embedding", type: "float", dims: ["batch", channels], description: "" },
      graph.node("Flatten", [graph.node("GlobalAveragePool", [planes])]),
    );
  return encodeModel({
    producer: { name: "test", version: "0" },
    description: "",
    graph: graph.graph("wave"),
    metadata: {},
  });
}
