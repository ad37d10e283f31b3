import { add, mul } from "../../../tensor/ops/elementwise.js";
import type { Tape } from "../../../tensor/tape.js";
import type { Parameter, Tensor } from "../../../tensor/tensor.js";

/**
 * Averages the outputs of the modalities that each sample has, [B, outputs]. Samples without a modality get
 * `fallback` [outputs].
 * @param outputs M of [B, outputs]
 * @param present M of [B]
 */
export function averageOfPresent(
  tape: Tape,
  outputs: readonly Tensor[],
  present: readonly ArrayLike<number>[],
  fallback: Parameter,
): Tensor {
  const batch = present[0]?.length ?? 0;
  const owners = Float64Array.from({ length: batch }, (_, b) =>
    present.reduce((sum, flags) => sum + (flags[b] === 0 ? 0 : 1), 0),
  );
  const none = mul(
    tape,
    tape.constant(
      owners.map((count) => (count === 0 ? 1 : 0)),
      [batch, 1],
    ),
    tape.parameter(fallback),
  ); // [B, outputs]
  return outputs.reduce((sum, output, m) => {
    const weight = Float64Array.from(owners, (count, b) => (present[m]?.[b] === 0 ? 0 : 1 / count));
    return add(tape, sum, mul(tape, output, tape.constant(weight, [batch, 1])));
  }, none);
}
