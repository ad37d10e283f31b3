import { AttentiveDecoder } from "../../../nn/attentive-decoder.js";
import type { ParameterSet } from "../../../nn/parameter-set.js";
import { RecurrentUnit } from "../../../nn/recurrent.js";
import type { Tape } from "../../../tensor/tape.js";
import type { Tensor } from "../../../tensor/tensor.js";

/** Widths of both ends of a translation, and of the states between them. */
export interface TranslationWidths {
  /** Width of the encoded steps: the source's features, or states of an earlier translation. */
  readonly inputs: number;
  /** Width D of the source. */
  readonly source: number;
  /** Width D of the target. */
  readonly target: number;
  /** Hidden width H. */
  readonly hidden: number;
}

/**
 * Translation from a sequence into one target's sequence, and back to the source's. Uses recurrent encoders,
 * and decoders with attention. Parameters: `<target>/joint/...`, `<target>/translate/...`,
 * `<target>/return/...`, `<target>/back/...`.
 */
export class SequenceTranslation {
  private readonly encoder: RecurrentUnit;
  private readonly decoder: AttentiveDecoder;
  private readonly returning: RecurrentUnit;
  private readonly back: AttentiveDecoder;

  constructor(parameters: ParameterSet, name: string, widths: TranslationWidths) {
    const { inputs, source, target, hidden } = widths;
    this.encoder = new RecurrentUnit(parameters, `${name}/joint`, inputs, hidden);
    this.decoder = new AttentiveDecoder(parameters, `${name}/translate`, hidden, target);
    this.returning = new RecurrentUnit(parameters, `${name}/return`, target, hidden);
    this.back = new AttentiveDecoder(parameters, `${name}/back`, hidden, source);
  }

  /**
   * Encodes the steps into the joint representation.
   * @param steps T of [B, inputs]
   * @param mask [B, T]
   * @returns T of [B, H]
   */
  encode(tape: Tape, steps: readonly Tensor[], mask: ArrayLike<number>): Tensor[] {
    return this.encoder.run(tape, steps, mask);
  }

  /**
   * Decodes the target.
   * @param states T of [B, H]
   * @param mask [B, T]
   * @returns `count` of [B, D] of the target
   */
  translate(tape: Tape, states: readonly Tensor[], mask: ArrayLike<number>, count: number): Tensor[] {
    return this.decoder.forward(tape, states, mask, count);
  }

  /**
   * Translates the target back to the source.
   * @param translated T' of [B, D]
   * @param mask [B, T']
   * @returns `count` of [B, D] of the source
   */
  backTo(tape: Tape, translated: readonly Tensor[], mask: ArrayLike<number>, count: number): Tensor[] {
    return this.back.forward(tape, this.returning.run(tape, translated, mask), mask, count);
  }
}
