import { defined } from "../core/defined.js";
import type { ParameterSet } from "../nn/parameter-set.js";
import type { Parameter } from "../tensor/tensor.js";

/**
 * Choice of the modalities that a prediction uses. A modality that is not trusted is used only for samples
 * that have no trusted one.
 *
 * Nothing here is trained: all modalities are trusted until {@link settle} is called, at the end of training.
 *
 * Parameters: `trust`, [M], 1 = trusted.
 */
export class ModalityTrust {
  private readonly trusted: Parameter;

  /** @param count number of modalities, M */
  constructor(parameters: ParameterSet, count: number) {
    this.trusted = parameters.create("trust", [count], {
      init: { kind: "constant", value: 1 },
      decays: false,
    });
  }

  /** Sets which modalities are trusted, M of true or false. */
  settle(trusted: readonly boolean[]): void {
    this.trusted.buffer.view.set(trusted.map(Number));
  }

  /**
   * Returns which modalities count in each prediction.
   * @param present M of [B], 1 = the sample has the modality
   * @returns M of [B]
   */
  counted(present: readonly ArrayLike<number>[]): readonly Float32Array[] {
    const trusted = present.map((_, m) => this.trusted.buffer.view[m] === 1);
    const batch = present[0]?.length ?? 0;
    const counted = present.map(() => new Float32Array(batch));
    for (let b = 0; b < batch; b++) {
      const isAlone = !present.some((flags, m) => trusted[m] && flags[b] === 1);
      counted.forEach((flags, m) => {
        flags[b] = trusted[m] === true || isAlone ? defined(present[m]?.[b]) : 0;
      });
    }
    return counted;
  }
}
