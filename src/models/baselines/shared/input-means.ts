import { meanOfInput } from "../../../nn/masked-mean.js";
import type { Tape } from "../../../tensor/tape.js";
import type { Tensor } from "../../../tensor/tensor.js";
import type { ModalityInput } from "../../batch-input.js";
import type { DataSignature } from "../../model.js";

/**
 * M of [B, D_m]: the masked means over time that encoders start from, as constants; zero rows where a sample
 * does not have the modality. @param inputs M
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
