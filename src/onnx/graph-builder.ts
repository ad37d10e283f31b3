import { ConfigError, EuarError } from "../core/errors.js";
import type { ElementType, OnnxAttribute, OnnxGraph, OnnxNode, OnnxTensor, OnnxValue } from "./onnx-model.js";

/** Tensor in the graph: an input, a weight, a constant, or the output of a node. */
export interface Value {
  readonly name: string;
}

export type Attributes = Readonly<Record<string, OnnxAttribute>>;

/**
 * Largest total size of the weights in bytes. A protocol buffer holds at most 2 GiB; the rest is for the
 * graph itself.
 */
const LARGEST_WEIGHTS = 2 ** 31 - 2 ** 24;

/** Collects the nodes, weights, inputs and outputs of an ONNX graph in topological order. */
export class GraphBuilder {
  private readonly nodes: OnnxNode[] = [];
  private readonly weights = new Map<string, OnnxTensor>();
  /** Weights by parameter name. */
  private readonly trained = new Map<string, Value>();
  private readonly inputs: OnnxValue[] = [];
  private readonly outputs: OnnxValue[] = [];
  private readonly taken = new Set<string>();
  private bytes = 0;
  private scope = "";

  /** Prefixes the names of the nodes that `build` adds with `<scope>/`, for readers of the graph. */
  within<Result>(scope: string, build: () => Result): Result {
    const outer = this.scope;
    this.scope = outer === "" ? scope : `${outer}/${scope}`;
    try {
      return build();
    } finally {
      this.scope = outer;
    }
  }

  input(value: OnnxValue): Value {
    this.take(value.name);
    this.inputs.push(value);
    return { name: value.name };
  }

  /** Makes `source` an output of the graph under the name of `value`. */
  output(value: OnnxValue, source: Value): void {
    this.take(value.name);
    this.outputs.push(value);
    this.nodes.push({
      name: `output/${value.name}`,
      operator: "Identity",
      inputs: [source.name],
      outputs: [value.name],
      attributes: {},
    });
  }

  /** Adds a node with one output. */
  node(operator: string, inputs: readonly Value[], attributes: Attributes = {}): Value {
    return this.add(operator, inputs, attributes, 1)[0];
  }

  /** Adds a node with two outputs. */
  nodeWithTwo(operator: string, inputs: readonly Value[], attributes: Attributes = {}): [Value, Value] {
    const [first, second] = this.add(operator, inputs, attributes, 2);
    if (!second) throw new EuarError("internal", `a ${operator} node with two outputs has only one`);
    return [first, second];
  }

  private add(
    operator: string,
    inputs: readonly Value[],
    attributes: Attributes,
    count: number,
  ): [Value, ...Value[]] {
    const name = this.free(`${this.scope}/${operator}`);
    const first = { name };
    const rest = Array.from({ length: count - 1 }, (_, i) => ({ name: this.free(`${name}/${i + 1}`) }));
    this.nodes.push({
      name,
      operator,
      inputs: inputs.map((input) => input.name),
      outputs: [first, ...rest].map((value) => value.name),
      attributes,
    });
    return [first, ...rest];
  }

  /**
   * Adds trained float32 values. Repeated requests share one weight.
   * @throws ConfigError if the model is too large for one file
   */
  weight(name: string, dims: readonly number[], values: () => ArrayLike<number>): Value {
    const known = this.trained.get(name);
    if (known) return known;
    const value = this.tensor(
      this.free(name),
      "float",
      dims,
      new Uint8Array(Float32Array.from(values()).buffer),
    );
    this.trained.set(name, value);
    return value;
  }

  floats(values: ArrayLike<number>, dims: readonly number[] = [values.length]): Value {
    return this.constant("float", dims, new Uint8Array(Float32Array.from(values).buffer), Array.from(values));
  }

  integers(values: readonly number[], dims: readonly number[] = [values.length]): Value {
    return this.constant("int64", dims, new Uint8Array(BigInt64Array.from(values, BigInt).buffer), values);
  }

  /** Adds a constant without dimensions, which broadcasts to any shape. */
  scalar(value: number, type: "float" | "int64" = "float"): Value {
    return type === "float" ? this.floats([value], []) : this.integers([value], []);
  }

  /** Adds a constant. Short constants are shared; their name is derived from their value. */
  private constant(
    type: ElementType,
    dims: readonly number[],
    bytes: Uint8Array,
    values: readonly number[],
  ): Value {
    if (values.length > 8) return this.tensor(this.free(`${this.scope}/constant`), type, dims, bytes);
    const name = `${type}[${dims.join(",")}](${values.join(",")})`;
    return this.weights.has(name) ? { name } : this.tensor(name, type, dims, bytes);
  }

  private tensor(name: string, type: ElementType, dims: readonly number[], bytes: Uint8Array): Value {
    this.bytes += bytes.length;
    if (this.bytes > LARGEST_WEIGHTS) {
      throw new ConfigError(
        "config.conflict",
        `the model's weights take more than ${LARGEST_WEIGHTS} bytes, more than one ONNX file can hold`,
        {
          hint: "Export a model with fewer or narrower experts (--experts, --hidden).",
        },
      );
    }
    this.weights.set(name, { name, type, dims, bytes });
    return { name };
  }

  graph(name: string): OnnxGraph {
    return {
      name,
      nodes: this.nodes,
      weights: [...this.weights.values()],
      inputs: this.inputs,
      outputs: this.outputs,
    };
  }

  private take(name: string): void {
    if (this.taken.has(name)) throw new EuarError("internal", `the graph already has a value "${name}"`);
    this.taken.add(name);
  }

  private free(wanted: string): string {
    let name = wanted;
    for (let i = 2; this.taken.has(name); i++) name = `${wanted}_${i}`;
    this.taken.add(name);
    return name;
  }
}
