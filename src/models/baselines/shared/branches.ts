import type { Batch } from "../../../data/batch.js";
import { createEncoder, type ModalityEncoder } from "../../../nn/modality-encoder.js";
import type { ParameterSet } from "../../../nn/parameter-set.js";
import type { SampleDraws } from "../../../nn/sample-draws.js";
import { mul } from "../../../tensor/ops/elementwise.js";
import { linear } from "../../../tensor/ops/linear.js";
import { relu } from "../../../tensor/ops/unary.js";
import type { Tape } from "../../../tensor/tape.js";
import type { Tensor } from "../../../tensor/tensor.js";
import { type ModalityInput, modalityInputs } from "../../batch-input.js";
import type { DataSignature } from "../../model.js";
import type { BranchConfig } from "./baseline-config.js";

/** Modalities of a batch, each as one vector per sample. */
export interface Branches {
  readonly inputs: readonly ModalityInput[];
  /** Vectors, M of [B, H]; zero rows for samples without the modality. */
  readonly blocks: readonly Tensor[];
  /** M of [B]. */
  readonly present: readonly Uint8Array[];
}

/**
 * Encodes each modality by its masked mean over time and a hidden layer with ReLU. All baselines share these
 * encoders, so that they differ only in their fusion. Parameters: `<modality>/encoder/...`.
 */
export class BranchEncoders {
  private readonly encoders: readonly ModalityEncoder[];

  constructor(
    private readonly parameters: ParameterSet,
    private readonly signature: DataSignature,
    private readonly config: BranchConfig,
    encodes = true,
  ) {
    const { hidden, inputDropout } = config;
    this.encoders = (encodes ? signature.modalities : []).map(({ name, width }) =>
      createEncoder(parameters, `${name}/encoder`, width, { kind: "mlp", hidden, inputDropout }),
    );
  }

  /**
   * Applies only the hidden layer of modality m, [B, D] to [B, H]. For vectors that are not from the data.
   */
  encode(tape: Tape, m: number, x: Tensor): Tensor {
    const name = `${this.signature.modalities[m]?.name ?? ""}/encoder/linear`;
    return relu(
      tape,
      linear(
        tape,
        x,
        tape.parameter(this.parameters.get(`${name}/weight`)),
        tape.parameter(this.parameters.get(`${name}/bias`)),
      ),
    );
  }

  /**
   * Encodes the modalities of a batch.
   * @param encoded see {@link ForwardContext.encoded}
   */
  forward(tape: Tape, batch: Batch, draws: SampleDraws, encoded?: ReadonlyMap<string, Tensor>): Branches {
    const inputs = modalityInputs(batch, this.signature.modalities, encoded);
    const blocks = inputs.map(({ sequence, present, presentCount }, m): Tensor => {
      const encoder = this.encoders[m];
      const empty = [batch.size, this.config.hidden];
      if (!encoder || !sequence || presentCount === 0)
        return tape.constant(new Float32Array(batch.size * this.config.hidden), empty);
      const encoded = encoder.forward(tape, sequence, present, draws); // [B, H]
      return presentCount === batch.size
        ? encoded
        : mul(tape, encoded, tape.constant(present, [batch.size, 1]));
    });
    return { inputs, blocks, present: inputs.map(({ present }) => present) };
  }
}
