import { defined } from "../../../core/defined.js";
import { ShapeError } from "../../../core/errors.js";
import type { Tape } from "../../../tensor/tape.js";
import { formatShape, type Tensor } from "../../../tensor/tensor.js";

/**
 * Computes the mean squared error of recovered vectors over the flagged rows: the sum over m and rows b with
 * flags[m][b] of |recovered_m[b] - target_m[b]|^2, divided by the number of values in it. Targets are
 * constants: a gradient through them would make the representations collapse.
 * @param recovered M of [B, H_m]
 * @param targets M of [B, H_m]
 * @param flags M of [B]
 * @returns a scalar, at least 0; 0 without flagged rows
 * @throws ShapeError if the shapes of a target and its recovered vector differ
 */
export function recoveryError(
  tape: Tape,
  recovered: readonly Tensor[],
  targets: readonly Tensor[],
  flags: readonly ArrayLike<number>[],
): Tensor {
  recovered.forEach((one, m) => {
    const target = targets[m];
    if (target?.size !== one.size || target.extent(0) !== flags[m]?.length)
      throw new ShapeError(
        `recoveryError: ${formatShape(one.shape)} against ${formatShape(target?.shape ?? [])} for ` +
          `${flags[m]?.length ?? 0} flags`,
      );
  });
  const differences = recovered.map((one, m) => {
    const width = one.extent(1);
    const [values, wanted] = [one.buffer.view, targets[m]?.buffer.view];
    return Float64Array.from({ length: one.size }, (_, i) =>
      flags[m]?.[Math.floor(i / width)] === 0 ? 0 : defined(values[i]) - (wanted?.[i] ?? NaN),
    );
  });
  const count = recovered.reduce(
    (all, one, m) => all + one.extent(1) * Array.from(flags[m] ?? []).filter((flag) => flag !== 0).length,
    0,
  );
  const out = tape.output([], recovered); // []
  out.buffer.view[0] =
    count === 0
      ? 0
      : differences.reduce(
          (all, one) => one.reduce((sum, difference) => sum + difference * difference, all),
          0,
        ) / count;
  if (count > 0) {
    tape.record(out, (dout) => {
      const factor = (2 * defined(dout.view[0])) / count;
      recovered.forEach((one, m) => {
        if (!one.requiresGradient) return;
        const into = tape.gradientOf(one).view;
        differences[m]?.forEach((difference, i) => {
          if (difference !== 0) into[i] = defined(into[i]) + factor * difference;
        });
      });
    });
  }
  return out;
}
