import { defined } from "../../../core/defined.js";
import { dropoutIn, type SampleDraws } from "../../../nn/sample-draws.js";
import type { Sequence } from "../../../nn/sequence.js";
import type { Tape } from "../../../tensor/tape.js";
import type { Tensor } from "../../../tensor/tensor.js";

/** Steps of one modality of a batch, real steps first. */
export interface SequenceSteps {
  /** Steps, T of [B, D]. */
  readonly steps: readonly Tensor[];
  /** Step mask, [B, T]: 1 for real steps of samples that have the modality. */
  readonly mask: Uint8Array;
}

/**
 * Returns the steps of one modality as constants.
 * @param sequence undefined if the batch lacks the modality
 * @param width D
 * @param present [B]: the samples whose steps may be read
 * @returns the steps; one step of padding if the batch lacks the modality
 */
export function sequenceSteps(
  tape: Tape,
  sequence: Sequence | undefined,
  width: number,
  present: ArrayLike<number>,
): SequenceSteps {
  const batch = present.length;
  if (!sequence)
    return {
      steps: [tape.constant(new Float32Array(batch * width), [batch, width])],
      mask: new Uint8Array(batch),
    };
  const { steps, values } = sequence;
  const mask = new Uint8Array(batch * steps);
  const rows = Array.from({ length: steps }, () => new Float32Array(batch * width));
  for (let b = 0; b < batch; b++) {
    let to = 0;
    for (let t = b * steps; t < (b + 1) * steps; t++) {
      if (present[b] === 0 || sequence.mask[t] === 0) continue;
      rows[to]?.set(values.subarray(t * width, (t + 1) * width), b * width);
      mask[b * steps + to++] = 1;
    }
  }
  return { mask, steps: rows.map((row) => tape.constant(row, [batch, width])) };
}

/** Applies dropout to the steps, with one draw per step. */
export function droppedSteps(
  tape: Tape,
  { steps }: SequenceSteps,
  rate: number,
  purpose: string,
  draws: SampleDraws,
): Tensor[] {
  return steps.map((x, t) => dropoutIn(tape, x, rate, `${purpose}/${t}`, draws));
}

/** Marks the real steps of the counted samples, T of [B]. */
export function countedSteps({ steps, mask }: SequenceSteps, counts: ArrayLike<number>): Uint8Array[] {
  return steps.map((_, t) =>
    Uint8Array.from({ length: counts.length }, (_one, b) =>
      counts[b] === 0 ? 0 : defined(mask[b * steps.length + t]),
    ),
  );
}
