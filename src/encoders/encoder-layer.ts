import { dropoutIn, type SampleDraws } from "../nn/sample-draws.js";
import { add } from "../tensor/ops/elementwise.js";
import { layerNorm } from "../tensor/ops/layer-norm.js";
import { linear } from "../tensor/ops/linear.js";
import { gelu, relu } from "../tensor/ops/unary.js";
import type { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";
import type { EncoderShape } from "./encoder-config.js";
import type { LayerPart } from "./families.js";
import { geluErf } from "./gelu-erf.js";
import { hasLora, LoraChange, type LoraOptions } from "./lora.js";
import { packedAttention } from "./packed-attention.js";
import type { PackedTokens } from "./packed-tokens.js";
import { type EncoderWeight, type EncoderWeights, leafOf } from "./weight-store.js";

export interface LayerOptions {
  /** Whether the layer's own weights train. */
  readonly trained: boolean;
  readonly rate: number;
  readonly lora: LoraOptions | undefined;
  readonly dropout: number;
  readonly attentionDropout: number;
}

/** A fully connected product, y = x W + b, with an adapter of low rank where one is asked for. */
class EncoderLinear {
  private readonly weight: EncoderWeight;
  private readonly bias: EncoderWeight;
  private readonly lora: LoraChange | undefined;

  constructor(
    weights: EncoderWeights,
    name: string,
    part: LayerPart,
    sizes: readonly [number, number],
    options: LayerOptions,
  ) {
    const { trained, rate } = options;
    this.weight = weights.create(`${name}/weight`, sizes, { trained, rate });
    this.bias = weights.create(`${name}/bias`, [sizes[1]], { trained, rate, decays: false });
    if (hasLora(part, options.lora)) this.lora = new LoraChange(weights, name, sizes, options.lora, rate);
  }

  forward(tape: Tape, x: Tensor): Tensor {
    const y = linear(tape, x, leafOf(tape, this.weight), leafOf(tape, this.bias)); // [R, F]
    return this.lora ? this.lora.addTo(tape, x, y) : y;
  }

  merge(): void {
    this.lora?.mergeInto(this.weight.parameter.buffer.view);
  }
}

/** Gain and bias of a layer norm. */
export class EncoderNorm {
  private readonly gain: EncoderWeight;
  private readonly bias: EncoderWeight;

  constructor(
    weights: EncoderWeights,
    name: string,
    width: number,
    private readonly epsilon: number,
    options: Pick<LayerOptions, "trained" | "rate">,
  ) {
    const { trained, rate } = options;
    this.gain = weights.create(`${name}/gain`, [width], { trained, rate, decays: false });
    this.bias = weights.create(`${name}/bias`, [width], { trained, rate, decays: false });
  }

  forward(tape: Tape, x: Tensor): Tensor {
    return layerNorm(tape, x, leafOf(tape, this.gain), leafOf(tape, this.bias), this.epsilon);
  }
}

/**
 * One block of a BERT-like encoder: attention inside each text, then two products with an activation between
 * them, each with a residual sum and a layer norm after it (or before it).
 */
export class EncoderLayer {
  private readonly products: Readonly<Record<Exclude<LayerPart, `${string}/norm`>, EncoderLinear>>;
  private readonly attentionNorm: EncoderNorm;
  private readonly feedForwardNorm: EncoderNorm;

  constructor(
    weights: EncoderWeights,
    private readonly name: string,
    private readonly shape: EncoderShape,
    private readonly options: LayerOptions,
  ) {
    const { hidden, inner, epsilon } = shape;
    const product = (part: LayerPart, inputs: number, outputs: number): EncoderLinear =>
      new EncoderLinear(weights, `${name}/${part}`, part, [inputs, outputs], options);
    this.products = {
      "attention/query": product("attention/query", hidden, hidden),
      "attention/key": product("attention/key", hidden, hidden),
      "attention/value": product("attention/value", hidden, hidden),
      "attention/output": product("attention/output", hidden, hidden),
      "feed-forward/inner": product("feed-forward/inner", hidden, inner),
      "feed-forward/outer": product("feed-forward/outer", inner, hidden),
    };
    this.attentionNorm = new EncoderNorm(weights, `${name}/attention/norm`, hidden, epsilon, options);
    this.feedForwardNorm = new EncoderNorm(weights, `${name}/feed-forward/norm`, hidden, epsilon, options);
  }

  /**
   * @param x [R, H]
   * @param bias [heads, T, T] added to the attention scores
   * @param draws of the texts; @param rows of the tokens
   */
  forward(
    tape: Tape,
    tokens: PackedTokens,
    x: Tensor,
    bias: Tensor | undefined,
    { draws, rows }: { readonly draws: SampleDraws; readonly rows: SampleDraws },
  ): Tensor {
    const drop = (change: Tensor, purpose: string): Tensor =>
      dropoutIn(tape, change, this.options.dropout, `${this.name}/${purpose}`, rows);
    const pre = this.shape.norm === "pre";
    const read = pre ? this.attentionNorm.forward(tape, x) : x;
    const attended = add(tape, x, drop(this.attend(tape, tokens, read, bias, draws), "attention"));
    const middle = pre ? attended : this.attentionNorm.forward(tape, attended); // [R, H]
    const fed = this.feedForward(tape, pre ? this.feedForwardNorm.forward(tape, middle) : middle);
    const sum = add(tape, middle, drop(fed, "feed-forward"));
    return pre ? sum : this.feedForwardNorm.forward(tape, sum); // [R, H]
  }

  /** Adds adapters of low rank into the weights that they change. */
  merge(): void {
    for (const product of Object.values(this.products)) product.merge();
  }

  private attend(
    tape: Tape,
    tokens: PackedTokens,
    x: Tensor,
    bias: Tensor | undefined,
    draws: SampleDraws,
  ): Tensor {
    const mixed = packedAttention(
      tape,
      tokens,
      [
        this.products["attention/query"].forward(tape, x),
        this.products["attention/key"].forward(tape, x),
        this.products["attention/value"].forward(tape, x),
      ],
      {
        heads: this.shape.heads,
        bias,
        dropout: this.options.attentionDropout,
        purpose: `${this.name}/attention-weights`,
      },
      draws,
    );
    return this.products["attention/output"].forward(tape, mixed); // [R, H]
  }

  private feedForward(tape: Tape, x: Tensor): Tensor {
    const wide = this.products["feed-forward/inner"].forward(tape, x); // [R, F]
    const activated = activate(tape, wide, this.shape.activation);
    return this.products["feed-forward/outer"].forward(tape, activated); // [R, H]
  }
}

function activate(tape: Tape, x: Tensor, activation: EncoderShape["activation"]): Tensor {
  if (activation === "relu") return relu(tape, x);
  return activation === "gelu" ? geluErf(tape, x) : gelu(tape, x);
}
