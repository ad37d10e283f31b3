import type { Packing } from "../tensor/kernels/sequences/contract.js";
import type { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";
import { SelfAttention } from "./attention.js";
import { LayerNorm } from "./layer-norm.js";
import { Linear } from "./linear.js";
import type { ParameterSet } from "./parameter-set.js";
import { packedDropoutIn, type SampleDraws } from "./sample-draws.js";

export interface TransformerOptions {
  readonly layers: number;
  readonly heads: number;
  /**
   * "pre": x + f(norm(x)), with a norm after the last layer (Xiong et al. 2020). "post": norm(x + f(x))
   * (Vaswani et al. 2017).
   */
  readonly norm: "pre" | "post";
  /** Dropout rate after each sublayer and inside the feed-forward part. */
  readonly dropout: number;
  readonly attentionDropout: number;
}

/** Half of a layer: a change of the residual stream, with a norm before or after it. */
interface Sublayer {
  readonly norm: LayerNorm;
  /** Name of its dropout. */
  readonly purpose: string;
  readonly change: (tape: Tape, x: Tensor, packing: Packing, draws: SampleDraws) => Tensor;
}

/** Creates a layer: attention, then a feed-forward part of width 4H with ReLU. */
function createLayer(
  parameters: ParameterSet,
  name: string,
  width: number,
  options: TransformerOptions,
): readonly Sublayer[] {
  const { heads, dropout, attentionDropout } = options;
  const attention = new SelfAttention(parameters, `${name}/attention`, width, heads, attentionDropout);
  const attentionNorm = new LayerNorm(parameters, `${name}/attention-norm`, width);
  const widen = new Linear(parameters, `${name}/feed-forward/in`, width, 4 * width);
  const narrow = new Linear(parameters, `${name}/feed-forward/out`, 4 * width, width);
  const feedForwardNorm = new LayerNorm(parameters, `${name}/feed-forward-norm`, width);
  return [
    {
      norm: attentionNorm,
      purpose: `${name}/attention-residual`,
      change: (tape, x, packing, draws) => attention.forward(tape, x, packing, draws),
    },
    {
      norm: feedForwardNorm,
      purpose: `${name}/feed-forward-residual`,
      change: (tape, x, packing, draws) => {
        const hidden = widen.forwardActivation(tape, x, "relu"); // [R, 4H]
        const kept = packedDropoutIn(tape, hidden, dropout, `${name}/feed-forward`, draws, packing);
        return narrow.forward(tape, kept); // [R, H]
      },
    },
  ];
}

/**
 * Stack of transformer encoder layers.
 *
 * Parameters: `<name>/layers/<i>/...` and, with pre-norm, `<name>/norm`.
 */
export class TransformerEncoder {
  private readonly sublayers: readonly Sublayer[];
  private readonly norm: LayerNorm | undefined;

  constructor(
    parameters: ParameterSet,
    name: string,
    width: number,
    private readonly options: TransformerOptions,
  ) {
    this.sublayers = Array.from({ length: options.layers }, (_, i) =>
      createLayer(parameters, `${name}/layers/${i}`, width, options),
    ).flat();
    this.norm = options.norm === "pre" ? new LayerNorm(parameters, `${name}/norm`, width) : undefined;
  }

  /**
   * @param x packed rows, [R, H]
   * @returns [R, H]
   */
  forward(tape: Tape, x: Tensor, packing: Packing, draws: SampleDraws): Tensor {
    const changeOf = ({ change, purpose }: Sublayer, inputs: Tensor): Tensor =>
      packedDropoutIn(
        tape,
        change(tape, inputs, packing, draws),
        this.options.dropout,
        purpose,
        draws,
        packing,
      );
    if (!this.norm) {
      return this.sublayers.reduce(
        (state, sublayer) => sublayer.norm.forwardSum(tape, state, changeOf(sublayer, state)).output,
        x,
      );
    }
    // x + f(norm(x)): one operation computes the sum of a sublayer and the next norm (or the last one).
    const norms = [...this.sublayers.map(({ norm }) => norm), this.norm];
    let state = x;
    let normed = norms[0]?.forward(tape, x) ?? x;
    this.sublayers.forEach((sublayer, i) => {
      const joined = norms[i + 1]?.forwardSum(tape, state, changeOf(sublayer, normed));
      if (joined) ({ sum: state, output: normed } = joined);
    });
    return normed;
  }
}
