import { add } from "../tensor/ops/elementwise.js";
import { relu } from "../tensor/ops/unary.js";
import type { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";
import { SelfAttention } from "./attention.js";
import { LayerNorm } from "./layer-norm.js";
import { Linear } from "./linear.js";
import type { ParameterSet } from "./parameter-set.js";
import { dropoutIn, type SampleDraws } from "./sample-draws.js";

export interface TransformerOptions {
  readonly layers: number;
  readonly heads: number;
  /**
   * "pre": x + f(norm(x)), and a norm after the last layer (Xiong et al. 2020); "post": norm(x + f(x))
   * (Vaswani et al. 2017).
   */
  readonly norm: "pre" | "post";
  /** After each sublayer and inside the feed-forward part. */
  readonly dropout: number;
  readonly attentionDropout: number;
}

/** Attention, then a feed-forward part of width 4H with ReLU, each with its residual sum and layer norm. */
class TransformerLayer {
  private readonly attention: SelfAttention;
  private readonly attentionNorm: LayerNorm;
  private readonly widen: Linear;
  private readonly narrow: Linear;
  private readonly feedForwardNorm: LayerNorm;

  constructor(
    parameters: ParameterSet,
    private readonly name: string,
    width: number,
    private readonly options: TransformerOptions,
  ) {
    this.attention = new SelfAttention(
      parameters,
      `${name}/attention`,
      width,
      options.heads,
      options.attentionDropout,
    );
    this.attentionNorm = new LayerNorm(parameters, `${name}/attention-norm`, width);
    this.widen = new Linear(parameters, `${name}/feed-forward/in`, width, 4 * width);
    this.narrow = new Linear(parameters, `${name}/feed-forward/out`, 4 * width, width);
    this.feedForwardNorm = new LayerNorm(parameters, `${name}/feed-forward-norm`, width);
  }

  forward(tape: Tape, x: Tensor, keyMask: ArrayLike<number>, draws: SampleDraws): Tensor {
    const attend = (inputs: Tensor): Tensor => this.attention.forward(tape, inputs, keyMask, draws);
    const attended = this.residual(tape, x, this.attentionNorm, attend, "attention-residual", draws);
    const feed = (inputs: Tensor): Tensor => this.feedForward(tape, inputs, draws);
    return this.residual(tape, attended, this.feedForwardNorm, feed, "feed-forward-residual", draws);
  }

  private residual(
    tape: Tape,
    x: Tensor,
    norm: LayerNorm,
    sublayer: (x: Tensor) => Tensor,
    purpose: string,
    draws: SampleDraws,
  ): Tensor {
    const pre = this.options.norm === "pre";
    const change = dropoutIn(
      tape,
      sublayer(pre ? norm.forward(tape, x) : x),
      this.options.dropout,
      `${this.name}/${purpose}`,
      draws,
    );
    const sum = add(tape, x, change);
    return pre ? sum : norm.forward(tape, sum);
  }

  private feedForward(tape: Tape, x: Tensor, draws: SampleDraws): Tensor {
    const hidden = relu(tape, this.widen.forward(tape, x)); // [B, T, 4H]
    return this.narrow.forward(
      tape,
      dropoutIn(tape, hidden, this.options.dropout, `${this.name}/feed-forward`, draws),
    ); // [B, T, H]
  }
}

/**
 * A stack of transformer encoder layers. Parameters: `<name>/layers/<i>/...` and, with pre-norm,
 * `<name>/norm`.
 */
export class TransformerEncoder {
  private readonly layers: readonly TransformerLayer[];
  private readonly norm: LayerNorm | undefined;

  constructor(parameters: ParameterSet, name: string, width: number, options: TransformerOptions) {
    this.layers = Array.from(
      { length: options.layers },
      (_, i) => new TransformerLayer(parameters, `${name}/layers/${i}`, width, options),
    );
    this.norm = options.norm === "pre" ? new LayerNorm(parameters, `${name}/norm`, width) : undefined;
  }

  /**
   * @param x [B, T, H]
   * @param keyMask [B, T]: 0 for padding, which no step attends to
   * @returns [B, T, H]; rows of padding steps are finite and mean nothing
   */
  forward(tape: Tape, x: Tensor, keyMask: ArrayLike<number>, draws: SampleDraws): Tensor {
    const encoded = this.layers.reduce((state, layer) => layer.forward(tape, state, keyMask, draws), x);
    return this.norm ? this.norm.forward(tape, encoded) : encoded;
  }
}
