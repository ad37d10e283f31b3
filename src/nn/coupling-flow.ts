import { ConfigError } from "../core/errors.js";
import { add, mul, sub } from "../tensor/ops/elementwise.js";
import { sum } from "../tensor/ops/reductions.js";
import { concat, slice } from "../tensor/ops/shape-ops.js";
import { exp, neg, relu, tanh } from "../tensor/ops/unary.js";
import type { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";
import { Linear } from "./linear.js";
import type { ParameterSet } from "./parameter-set.js";

/** Where a flow takes its input. */
export interface Flowed {
  /** [B, width] */
  readonly z: Tensor;
  /** [B, 1]: log |det dz/dx|. */
  readonly logDeterminant: Tensor;
}

/**
 * An invertible map by affine coupling (Dinh et al., "Density estimation using real NVP", ICLR 2017, Eqs. 7,
 * 8): a layer leaves one half of the values as it is and takes the other to y = x exp(s) + t, where s and t
 * are functions of the first half; layers alternate between the halves. A hidden layer of ReLUs gives s and
 * t, and s = tanh of what it gives, so that no layer changes a length by more than e.
 * Parameters: `<name>/<layer>/hidden/...`, `<name>/<layer>/scale/...`, `<name>/<layer>/shift/...`.
 */
export class CouplingFlow {
  private readonly layers: readonly Coupling[];

  /** @throws ConfigError for a width below 2, which has no halves */
  constructor(
    parameters: ParameterSet,
    name: string,
    private readonly width: number,
    layers: number,
  ) {
    if (width < 2)
      throw new ConfigError(
        "config.conflict",
        `a coupling flow needs vectors of two values or more, got a width of ${width}`,
        { hint: "Choose a larger hidden." },
      );
    const cut = Math.floor(width / 2);
    this.layers = Array.from({ length: layers }, (_, k) => {
      const [kept, moved] = k % 2 === 0 ? [cut, width - cut] : [width - cut, cut];
      const of = (part: string, inputs: number, outputs: number): Linear =>
        new Linear(parameters, `${name}/${k}/${part}`, inputs, outputs);
      return {
        keepsFirst: k % 2 === 0,
        hidden: of("hidden", kept, width),
        scale: of("scale", width, moved),
        shift: of("shift", width, moved),
      };
    });
  }

  /** @param x [B, width] */
  forward(tape: Tape, x: Tensor): Flowed {
    let z = x;
    let logDeterminant = tape.constant(new Float32Array(x.extent(0)), [x.extent(0), 1]);
    for (const layer of this.layers) {
      const { kept, moved, logScale, shift } = this.parts(tape, layer, z);
      z = this.joined(tape, layer, kept, add(tape, mul(tape, moved, exp(tape, logScale)), shift));
      logDeterminant = add(tape, logDeterminant, sum(tape, logScale, 1, true));
    }
    return { z, logDeterminant };
  }

  /** The x whose `forward` is z. [B, width] to [B, width] */
  inverse(tape: Tape, z: Tensor): Tensor {
    return this.layers.reduceRight((y, layer) => {
      const { kept, moved, logScale, shift } = this.parts(tape, layer, y);
      return this.joined(
        tape,
        layer,
        kept,
        mul(tape, sub(tape, moved, shift), exp(tape, neg(tape, logScale))),
      );
    }, z);
  }

  /** The halves, and what the half that stays says of the other. */
  private parts(
    tape: Tape,
    { keepsFirst, hidden, scale, shift }: Coupling,
    x: Tensor,
  ): { readonly kept: Tensor; readonly moved: Tensor; readonly logScale: Tensor; readonly shift: Tensor } {
    const cut = Math.floor(this.width / 2);
    const [first, second] = [slice(tape, x, 1, 0, cut), slice(tape, x, 1, cut, this.width)];
    const [kept, moved] = keepsFirst ? [first, second] : [second, first];
    const state = relu(tape, hidden.forward(tape, kept)); // [B, width]
    return {
      kept,
      moved,
      logScale: tanh(tape, scale.forward(tape, state)),
      shift: shift.forward(tape, state),
    };
  }

  private joined(tape: Tape, { keepsFirst }: Coupling, kept: Tensor, moved: Tensor): Tensor {
    return concat(tape, keepsFirst ? [kept, moved] : [moved, kept], 1); // [B, width]
  }
}

interface Coupling {
  readonly keepsFirst: boolean;
  readonly hidden: Linear;
  readonly scale: Linear;
  readonly shift: Linear;
}
