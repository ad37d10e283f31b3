import { add } from "../tensor/ops/elementwise.js";
import { addLayerNorm, layerNorm } from "../tensor/ops/layer-norm.js";
import { linear } from "../tensor/ops/linear.js";
import { linearActivation } from "../tensor/ops/linear-activation.js";
import { packedAttention, type PackedAttentionOptions } from "../tensor/ops/packed-attention.js";
import { gelu, geluErf, relu } from "../tensor/ops/unary.js";
import type { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";
import type { EncoderShape } from "./encoder-config.js";
import type { LayerPart } from "./families.js";
import { hasLora, LoraChange, type LoraOptions } from "./lora.js";
import { dropoutOfTokens, sourceOf, type TokenContext } from "./packed-tokens.js";
import { type EncoderWeight, type EncoderWeights, leafOf } from "./weight-store.js";

export interface LayerOptions {
  /** True if the layer's own weights are trained. */
  readonly trained: boolean;
  readonly rate: number;
  readonly lora: LoraOptions | undefined;
  readonly dropout: number;
  readonly attentionDropout: number;
}

const ACTIVATIONS = { gelu: geluErf, "gelu-tanh": gelu, relu } as const;
const FUSED = { gelu: "geluErf", "gelu-tanh": "gelu", relu: "relu" } as const;

/** Fully connected layer, y = x W + b, optionally with a low-rank adapter. */
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

  /** Computes op(x W + b). */
  activated(tape: Tape, x: Tensor, op: EncoderShape["activation"]): Tensor {
    if (this.lora) return ACTIVATIONS[op](tape, this.forward(tape, x));
    return linearActivation(tape, x, leafOf(tape, this.weight), leafOf(tape, this.bias), FUSED[op]); // [R, F]
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

  /** Normalises the residual sum a + b. */
  ofSum(tape: Tape, a: Tensor, b: Tensor): Tensor {
    return addLayerNorm(tape, a, b, leafOf(tape, this.gain), leafOf(tape, this.bias), this.epsilon).output;
  }
}

/**
 * One block of a BERT-like encoder: attention within each text, then two fully connected layers with an
 * activation between them. Each part has a residual sum, with a layer norm after it (or before it).
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
   * Runs the block.
   * @param x [R, H]
   * @param bias bias of the attention scores by distance
   */
  forward(tape: Tape, x: Tensor, bias: PackedAttentionOptions["bias"], context: TokenContext): Tensor {
    const drop = (change: Tensor, purpose: string): Tensor =>
      dropoutOfTokens(tape, change, this.options.dropout, `${this.name}/${purpose}`, context);
    if (this.shape.norm === "pre") {
      const read = this.attentionNorm.forward(tape, x);
      const attended = add(tape, x, drop(this.attend(tape, read, bias, context), "attention")); // [R, H]
      const fed = this.feedForward(tape, this.feedForwardNorm.forward(tape, attended));
      return add(tape, attended, drop(fed, "feed-forward")); // [R, H]
    }
    const attended = drop(this.attend(tape, x, bias, context), "attention");
    const middle = this.attentionNorm.ofSum(tape, x, attended); // [R, H]
    return this.feedForwardNorm.ofSum(tape, middle, drop(this.feedForward(tape, middle), "feed-forward"));
  }

  private attend(
    tape: Tape,
    x: Tensor,
    bias: PackedAttentionOptions["bias"],
    { packing, draws }: TokenContext,
  ): Tensor {
    const { attentionDropout: rate } = this.options;
    const source = sourceOf(`${this.name}/attention-weights`, draws);
    const mixed = packedAttention(
      tape,
      this.products["attention/query"].forward(tape, x),
      this.products["attention/key"].forward(tape, x),
      this.products["attention/value"].forward(tape, x),
      {
        packing,
        heads: this.shape.heads,
        ...(bias && { bias }),
        ...(draws.training && rate > 0 && { dropout: { rate, source } }),
      },
    );
    return this.products["attention/output"].forward(tape, mixed); // [R, H]
  }

  private feedForward(tape: Tape, x: Tensor): Tensor {
    const wide = this.products["feed-forward/inner"].activated(tape, x, this.shape.activation); // [R, F]
    return this.products["feed-forward/outer"].forward(tape, wide); // [R, H]
  }
}
