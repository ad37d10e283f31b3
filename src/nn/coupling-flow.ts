import { ConfigError } from "../core/errors.js";
import { add, mul, sub } from "../tensor/ops/elementwise.js";
import { sum } from "../tensor/ops/reductions.js";
import { concat, slice } from "../tensor/ops/shape-ops.js";
import { exp, neg, relu, tanh } from "../tensor/ops/unary.js";
import type { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";
import { Linear } from "./linear.js";
import type { ParameterSet } from "./parameter-set.js";

/** Output of a flow. */
export interface Flowed {
  /** [B, width] */
  readonly z: Tensor;
  /** log |det dz/dx|, [B, 1]. */
  readonly logDeterminant: Tensor;
}

/**
 * Invertible map by affine coupling (Dinh et al., "Density estimation using real NVP", ICLR 2017, Eqs. 7, 8).
 *
 * A layer keeps one half of the values and maps the other to y = x exp(s) + t. s and t are functions of the
 * kept half: a hidden layer with ReLU, then tanh for s. So a layer changes a length at most by a factor of e.
 * Layers alternate between the halves.
 *
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
      throw new ConfigError("config.conflict", `a coupling flow needs a width of at least 2, got ${width}`, {
        hint: "Choose a larger hidden.",
      });
    const cut = Math.floor(width / 2);
    this.layers = Array.from({ length: layers }, (_, k) => {
      const [kept, moved] = k % 2 === 0 ? [cut, width - cut] : [width - cut, cut];
      const layerOf = (part: string, inputs: number, outputs: number): Linear =>
        new Linear(parameters, `${name}/${k}/${part}`, inputs, outputs);
      return {
        keepsFirst: k % 2 === 0,
        hidden: layerOf("hidden", kept, width),
        scale: layerOf("scale", width, moved),
        shift: layerOf("shift", width, moved),
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

  /** Inverts {@link forward}. [B, width] to [B, width] */
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

  /** Splits x into its halves, and computes scale and shift from the kept half. */
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
