import { defined } from "../core/defined.js";
import type { ParameterSet } from "../nn/parameter-set.js";
import { concat, gatherRows, reshape } from "../tensor/ops/shape-ops.js";
import type { Tape } from "../tensor/tape.js";
import type { Parameter, Tensor } from "../tensor/tensor.js";
import type { ConstantPrediction } from "./model.js";

/**
 * Choice of the modalities that a prediction uses. A sample that has only modalities that are not trusted
 * gets a constant prediction.
 *
 * Nothing here is trained: all modalities are trusted until {@link settle} is called, at the end of training.
 *
 * Parameters: `trust/modalities`, [M], 1 = trusted, `trust/constant` and `trust/spread`, [outputs].
 */
export class ModalityTrust {
  private readonly trusted: Parameter;
  private readonly constant: Parameter;
  private readonly constantSpread: Parameter;

  /**
   * @param count number of modalities, M
   * @param outputs width of a prediction
   */
  constructor(parameters: ParameterSet, count: number, outputs: number) {
    const fixed = (name: string, width: number, value: number): Parameter =>
      parameters.create(`trust/${name}`, [width], { init: { kind: "constant", value }, decays: false });
    this.trusted = fixed("modalities", count, 1);
    this.constant = fixed("constant", outputs, 0);
    this.constantSpread = fixed("spread", outputs, 0);
  }

  /**
   * Sets which modalities are trusted, and the prediction for samples without any of these.
   * @param trusted M of true or false
   */
  settle(trusted: readonly boolean[], { prediction, spread }: ConstantPrediction): void {
    this.trusted.buffer.view.set(trusted.map(Number));
    this.constant.buffer.view.set(prediction);
    this.constantSpread.buffer.view.set(spread);
  }

  /**
   * Returns which modalities count in each prediction. In a sample without a trusted one all count, though
   * {@link answer} replaces its prediction.
   * @param present M of [B], 1 = the sample has the modality
   * @returns M of [B]
   */
  counted(present: readonly ArrayLike<number>[]): readonly Float32Array[] {
    const hasTrusted = this.samplesWithTrusted(present);
    return present.map((flags, m) =>
      Float32Array.from(flags, (flag, b) => (this.isTrusted(m) || !hasTrusted[b] ? flag : 0)),
    );
  }

  /**
   * Replaces the predictions of samples without a trusted modality by the constant, if there is a modality
   * that is not trusted.
   * @param prediction [B, outputs]
   * @param present M of [B], 1 = the sample has the modality
   * @returns [B, outputs]
   */
  answer(tape: Tape, prediction: Tensor, present: readonly ArrayLike<number>[]): Tensor {
    const hasTrusted = this.samplesWithTrusted(present);
    if (present.every((_, m) => this.isTrusted(m)) || !hasTrusted.includes(false)) return prediction;
    const constant = reshape(tape, tape.parameter(this.constant), [1, prediction.extent(1)]);
    const rows = hasTrusted.map((has, b) => (has ? b : hasTrusted.length));
    return gatherRows(tape, concat(tape, [prediction, constant], 0), rows);
  }

  /**
   * Replaces the spreads of these samples by that of the constant.
   * @param spread [B, outputs]
   * @param present M of [B], 1 = the sample has the modality
   */
  spread(spread: Float32Array, present: readonly ArrayLike<number>[]): Float32Array {
    if (present.every((_, m) => this.isTrusted(m))) return spread;
    const hasTrusted = this.samplesWithTrusted(present);
    const outputs = this.constant.size;
    const { view } = this.constantSpread.buffer;
    return spread.map((value, i) =>
      hasTrusted[Math.floor(i / outputs)] === true ? value : defined(view[i % outputs]),
    );
  }

  /**
   * Returns which modalities change the predictions: the trusted ones that a sample has.
   * @param present M of [B], 1 = the sample has the modality
   * @returns M of [B]
   */
  used(present: readonly ArrayLike<number>[]): readonly ArrayLike<number>[] {
    return present.map((flags, m) => (this.isTrusted(m) ? flags : new Float32Array(flags.length)));
  }

  private isTrusted(m: number): boolean {
    return this.trusted.buffer.view[m] === 1;
  }

  /** Returns whether each sample has a trusted modality, [B]. */
  private samplesWithTrusted(present: readonly ArrayLike<number>[]): boolean[] {
    return Array.from(present[0] ?? [], (_, b) =>
      present.some((flags, m) => this.isTrusted(m) && flags[b] === 1),
    );
  }
}
