import type { Split } from "../data/dataset.js";
import { InputStatistics, STATISTICS_WIDTH } from "../nn/input-statistics.js";
import { meanOfInput, meanRows } from "../nn/masked-mean.js";
import type { ParameterSet } from "../nn/parameter-set.js";
import type { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";
import type { ModalityInput } from "./batch-input.js";
import type { DataSignature } from "./model.js";

/**
 * Statistics of every modality's input ({@link InputStatistics}), for models that read them in addition to
 * the features. Constants: `<modality>/statistics/fitted/...`.
 */
export class ModalityStatistics {
  private readonly each: readonly InputStatistics[];

  constructor(
    parameters: ParameterSet,
    private readonly signature: DataSignature,
  ) {
    this.each = signature.modalities.map(
      ({ name, width }) => new InputStatistics(parameters, `${name}/statistics`, width),
    );
  }

  /** Fits the statistics to the normalised training split. */
  fit(train: Split): void {
    this.signature.modalities.forEach(({ name }, m) => {
      const table = train.modalities[name];
      const rows = table ? meanRows(table) : undefined;
      if (rows && rows.length > 0) this.each[m]?.fit(rows);
    });
  }

  /**
   * Computes the statistics of each input.
   * @param inputs M inputs
   * @param present M of [B], 1 = the model may read the statistics of the sample
   * @returns M of [B, {@link STATISTICS_WIDTH}]; zero rows for samples without the modality
   */
  forward(tape: Tape, inputs: readonly ModalityInput[], present: readonly ArrayLike<number>[]): Tensor[] {
    return this.each.map((statistics, m) => {
      const [sequence, flags] = [inputs[m]?.sequence, present[m] ?? []];
      return sequence
        ? statistics.forward(tape, meanOfInput(tape, sequence, flags), flags)
        : tape.constant(new Float32Array(flags.length * STATISTICS_WIDTH), [flags.length, STATISTICS_WIDTH]);
    });
  }
}
