import { meanOfInput } from "../../../nn/masked-mean.js";
import type { Tape } from "../../../tensor/tape.js";
import type { Tensor } from "../../../tensor/tensor.js";
import type { ModalityInput } from "../../batch-input.js";
import type { DataSignature } from "../../model.js";

/**
 * Returns the masked means over time that encoders start from, M of [B, D_m], as constants. Rows are zero for
 * samples without the modality.
 * @param inputs M inputs
 */
export function inputMeans(
  tape: Tape,
  inputs: readonly ModalityInput[],
  { modalities }: DataSignature,
): Tensor[] {
  return inputs.map(({ sequence, present }, m) => {
    if (sequence) return meanOfInput(tape, sequence, present);
    const width = modalities[m]?.width ?? 0;
    return tape.constant(new Float32Array(present.length * width), [present.length, width]);
  });
}
