import { Linear } from "../../../nn/linear.js";
import type { ParameterSet } from "../../../nn/parameter-set.js";
import { add } from "../../../tensor/ops/elementwise.js";
import { concat } from "../../../tensor/ops/shape-ops.js";
import { relu } from "../../../tensor/ops/unary.js";
import type { Tape } from "../../../tensor/tape.js";
import type { Tensor } from "../../../tensor/tensor.js";

/** Result of a cascade. */
export interface Cascade {
  /** Input plus all corrections, [B, width]. */
  readonly output: Tensor;
  /** Concatenated bottlenecks, [B, count * latent]. */
  readonly latents: Tensor;
}

/**
 * Cascade of residual autoencoders (Tran et al., CVPR 2017; MMIN, Eq. 1). Autoencoder k corrects the result
 * of those before it, d_k = phi_k(x + d_1 + ... + d_(k-1)), and the output is x + d_1 + ... + d_K. Each phi
 * is a bottleneck c_k = ReLU(W_k . + b_k) followed by a linear layer back. Parameters: `<name>/<k>/in/...`,
 * `<name>/<k>/out/...`.
 */
export class ResidualAutoencoders {
  private readonly cascade: readonly { readonly into: Linear; readonly out: Linear }[];

  constructor(parameters: ParameterSet, name: string, width: number, latent: number, count: number) {
    this.cascade = Array.from({ length: count }, (_, k) => ({
      into: new Linear(parameters, `${name}/${k}/in`, width, latent),
      out: new Linear(parameters, `${name}/${k}/out`, latent, width),
    }));
  }

  /** @param x [B, width] */
  forward(tape: Tape, x: Tensor): Cascade {
    let output = x;
    const latents = this.cascade.map(({ into, out }) => {
      const latent = relu(tape, into.forward(tape, output)); // [B, latent]
      output = add(tape, output, out.forward(tape, latent)); // [B, width]
      return latent;
    });
    return { output, latents: concat(tape, latents, 1) };
  }
}
