import { encodeModel } from "../../src/onnx/encode-model.js";
import { GraphBuilder, type Value } from "../../src/onnx/graph-builder.js";

/** Weights by their Hugging Face names. Matrices of dense layers are [out, in]. */
export type BertWeights = (name: string) => {
  readonly dims: readonly number[];
  readonly values: ArrayLike<number>;
};

export interface BertShape {
  readonly layers: number;
  readonly heads: number;
  readonly width: number;
  /** Number of tokens, for a network with a fixed length. */
  readonly length?: number;
  /** True to also output the states after each layer. */
  readonly hidden?: boolean;
}

/**
 * Makes a BERT encoder (Devlin et al. 2018, arXiv:1810.04805) as an ONNX file, with the usual inputs and
 * outputs of exporters.
 */
export function bertModel(
  { layers, heads, width, length, hidden = false }: BertShape,
  weights: BertWeights,
): Uint8Array {
  const graph = new GraphBuilder();
  const tensor = (name: string): Value => {
    const { dims, values } = weights(name);
    return graph.weight(name, dims, () => values);
  };
  const add = (a: Value, b: Value): Value => graph.node("Add", [a, b]);
  const dense = (name: string, x: Value): Value =>
    add(
      graph.node("MatMul", [
        x,
        graph.node("Transpose", [tensor(`${name}.weight`)], { perm: { ints: [1, 0] } }),
      ]),
      tensor(`${name}.bias`),
    );
  const norm = (name: string, x: Value): Value =>
    graph.node("LayerNormalization", [x, tensor(`${name}.weight`), tensor(`${name}.bias`)], {
      axis: { int: -1 },
      epsilon: { float: 1e-12 },
    });
  const input = (name: string): Value =>
    graph.input({ name, type: "int64", dims: ["batch", length ?? "sequence"], description: "" });
  const [ids, mask, types] = [input("input_ids"), input("attention_mask"), input("token_type_ids")];

  const extent = graph.node("Gather", [graph.node("Shape", [ids]), graph.integers([1])], {
    axis: { int: 0 },
  });
  const positions = graph.node("Slice", [
    tensor("embeddings.position_embeddings.weight"),
    graph.integers([0]),
    extent,
    graph.integers([0]),
  ]);
  const word = graph.node("Gather", [tensor("embeddings.word_embeddings.weight"), ids], { axis: { int: 0 } });
  const type = graph.node("Gather", [tensor("embeddings.token_type_embeddings.weight"), types], {
    axis: { int: 0 },
  });
  let x = norm("embeddings.LayerNorm", add(add(word, type), positions)); // [B, T, D]

  const states = [x];
  const real = graph.node("Cast", [mask], { to: { int: 1 } });
  // 0, or -1e9 for padding
  const masked = graph.node("Mul", [graph.node("Sub", [real, graph.scalar(1)]), graph.scalar(1e9)]);
  const bias = graph.node("Unsqueeze", [masked, graph.integers([1, 2])]); // [B, 1, 1, T]
  for (let layer = 0; layer < layers; layer++) {
    const at = `encoder.layer.${layer}`;
    const split = (part: string): Value => {
      const rows = graph.node("Reshape", [
        dense(`${at}.attention.self.${part}`, x),
        graph.integers([0, 0, heads, width / heads]),
      ]);
      return graph.node("Transpose", [rows], {
        perm: { ints: part === "key" ? [0, 2, 3, 1] : [0, 2, 1, 3] },
      });
    };
    const scores = graph.node("Div", [
      graph.node("MatMul", [split("query"), split("key")]),
      graph.scalar(Math.sqrt(width / heads)),
    ]);
    const attention = graph.node("Softmax", [add(scores, bias)], { axis: { int: -1 } });
    const context = graph.node("Transpose", [graph.node("MatMul", [attention, split("value")])], {
      perm: { ints: [0, 2, 1, 3] },
    });
    const joined = graph.node("Reshape", [context, graph.integers([0, 0, width])]);
    x = norm(`${at}.attention.output.LayerNorm`, add(x, dense(`${at}.attention.output.dense`, joined)));
    x = norm(
      `${at}.output.LayerNorm`,
      add(x, dense(`${at}.output.dense`, gelu(graph, dense(`${at}.intermediate.dense`, x)))),
    );
    states.push(graph.node("Identity", [x]));
  }
  const column = graph.node("Unsqueeze", [real, graph.integers([2])]);
  const total = graph.node("ReduceSum", [graph.node("Mul", [x, column]), graph.integers([1])], {
    keepdims: { int: 0 },
  });
  const count = graph.node("ReduceSum", [real, graph.integers([1])], { keepdims: { int: 1 } });
  const output = (name: string, value: Value): void => {
    const dims = ["batch", length ?? "sequence", width];
    graph.output({ name, type: "float", dims, description: "" }, value);
  };
  output("last_hidden_state", x);
  if (hidden)
    states.forEach((state, layer) => {
      output(`hidden_states.${layer}`, state);
    });
  graph.output(
    { name: "sentence_embedding", type: "float", dims: ["batch", width], description: "" },
    graph.node("Div", [total, count]),
  );
  return encodeModel({
    producer: { name: "test", version: "0" },
    description: "",
    graph: graph.graph("bert"),
    metadata: {},
  });
}

function gelu(graph: GraphBuilder, x: Value): Value {
  const cdf = graph.node("Add", [
    graph.node("Erf", [graph.node("Div", [x, graph.scalar(Math.SQRT2)])]),
    graph.scalar(1),
  ]);
  return graph.node("Mul", [graph.node("Mul", [x, cdf]), graph.scalar(0.5)]);
}
