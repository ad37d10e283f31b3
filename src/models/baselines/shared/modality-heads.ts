import { outputsOf } from "../../../data/dataset.js";
import { Linear } from "../../../nn/linear.js";
import type { ParameterSet } from "../../../nn/parameter-set.js";
import { dropoutIn, type SampleDraws } from "../../../nn/sample-draws.js";
import { add } from "../../../tensor/ops/elementwise.js";
import type { Tape } from "../../../tensor/tape.js";
import type { Parameter, Tensor } from "../../../tensor/tensor.js";
import type { DataSignature } from "../../model.js";

/**
 * One linear layer from each modality's vector to the outputs, with one shared bias, so that training can
 * start each prediction at the mean of the labels. Parameters: `<modality>/head/...`, `output/bias`.
 */
export class ModalityHeads {
  readonly bias: Parameter;
  private readonly layers: readonly Linear[];
  private readonly names: readonly string[];

  constructor(
    parameters: ParameterSet,
    { modalities, task }: DataSignature,
    hidden: number,
    private readonly dropout: number,
  ) {
    this.names = modalities.map(({ name }) => name);
    this.layers = this.names.map((name) => new Linear(parameters, `${name}/head`, hidden, outputsOf(task)));
    this.bias = parameters.create("output/bias", [outputsOf(task)], {
      init: { kind: "constant", value: 0 },
      decays: false,
    });
  }

  /**
   * Predicts from each modality.
   * @param blocks M of [B, H]
   * @returns M of [B, outputs]
   */
  forward(tape: Tape, blocks: readonly Tensor[], draws: SampleDraws): Tensor[] {
    const bias = tape.parameter(this.bias);
    return this.unbiased(tape, blocks, draws).map((output) => add(tape, output, bias));
  }

  /** Predicts without the shared bias. */
  unbiased(tape: Tape, blocks: readonly Tensor[], draws: SampleDraws): Tensor[] {
    return blocks.flatMap((block, m) => {
      const layer = this.layers[m];
      return layer
        ? [layer.forward(tape, dropoutIn(tape, block, this.dropout, `${this.names[m] ?? ""}/head`, draws))]
        : []; // [B, outputs]
    });
  }
}
