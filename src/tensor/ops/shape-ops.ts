import { defined } from "../../core/defined.js";
import { ShapeError } from "../../core/errors.js";
import type { Tape } from "../tape.js";
import { formatShape, type Shape, sizeOf, type Tensor } from "../tensor.js";
import { axisView, resolveAxis } from "./axis.js";

/**
 * Returns the same values in the same order with another shape. Copies nothing in the forward pass.
 *
 * @throws ShapeError if the number of elements differs
 */
export function reshape(tape: Tape, a: Tensor, shape: Shape): Tensor {
  if (sizeOf(shape) !== a.size) {
    throw new ShapeError(
      `reshape: ${a.size} values of shape ${formatShape(a.shape)} do not fill shape ${formatShape(shape)}`,
    );
  }
  const output = tape.view(a, shape);
  tape.record(output, (dout) => {
    tape.backend.addScaled(dout, 1, tape.gradientOf(a));
  });
  return output;
}

/**
 * Concatenates tensors along one axis, in order.
 *
 * @param parts at least one; equal shapes except along `axis`
 * @throws ShapeError if they differ along another axis
 */
export function concat(tape: Tape, parts: readonly Tensor[], axis: number): Tensor {
  const { backend } = tape;
  const first = parts[0];
  if (!first) throw new ShapeError("concat: needs at least one tensor");
  const along = resolveAxis("concat", first.shape, axis);
  for (const part of parts) {
    if (
      part.shape.length !== first.shape.length ||
      part.shape.some((extent, i) => i !== along && extent !== first.shape[i])
    ) {
      throw new ShapeError(
        `concat along axis ${axis}: shapes ${formatShape(first.shape)} and ` +
          `${formatShape(part.shape)} differ elsewhere`,
      );
    }
  }
  const total = parts.reduce((sum, part) => sum + part.extent(along), 0);
  const output = tape.output(first.shape.with(along, total), parts);
  const { outer, inner } = axisView(output.shape, along);
  const row = total * inner;
  /** Visits each contiguous run of each part, with its offset in the part and in the result. */
  const forEachRun = (visit: (part: Tensor, from: number, to: number, count: number) => void): void => {
    let start = 0;
    for (const part of parts) {
      const count = part.extent(along) * inner;
      for (let o = 0; o < outer; o++) visit(part, o * count, o * row + start, count);
      start += count;
    }
  };
  forEachRun((part, from, to, count) => {
    backend.copy(part.buffer, from, output.buffer, to, count);
  });
  tape.record(output, (dout) => {
    forEachRun((part, from, to, count) => {
      if (part.requiresGradient) backend.copy(dout, to, tape.gradientOf(part), from, count, true);
    });
  });
  return output;
}

/**
 * Returns the elements start .. end-1 along one axis.
 *
 * @throws ShapeError unless 0 <= start <= end <= extent
 */
export function slice(tape: Tape, a: Tensor, axis: number, start: number, end: number): Tensor {
  const { backend } = tape;
  const along = resolveAxis("slice", a.shape, axis);
  const extent = a.extent(along);
  if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || start > end || end > extent) {
    throw new ShapeError(
      `slice: ${start}..${end} along axis ${axis} lies outside shape ${formatShape(a.shape)}`,
      {
        hint: `Use integers with 0 <= start <= end <= ${extent}.`,
      },
    );
  }
  const output = tape.output(a.shape.with(along, end - start), [a]);
  const { outer, inner } = axisView(a.shape, along);
  const count = (end - start) * inner;
  for (let o = 0; o < outer; o++)
    backend.copy(a.buffer, (o * extent + start) * inner, output.buffer, o * count, count);
  tape.record(output, (dout) => {
    const da = tape.gradientOf(a);
    for (let o = 0; o < outer; o++)
      backend.copy(dout, o * count, da, (o * extent + start) * inner, count, true);
  });
  return output;
}

/**
 * Selects rows (along the first axis) by index, in the given order. A row may be selected several times.
 *
 * @param a [n, ...]
 * @param indices each in [0, n), or negative for a row of zeros
 * @returns [indices.length, ...]
 * @throws ShapeError if an index is not an integer below n
 */
export function gatherRows(tape: Tape, a: Tensor, indices: ArrayLike<number>): Tensor {
  const { backend } = tape;
  const rows = a.extent(0);
  const width = sizeOf(a.shape.slice(1));
  const chosen = backend.scratchInts(indices.length);
  const view = chosen.view;
  for (let i = 0; i < indices.length; i++) {
    const index = defined(indices[i]);
    if (!Number.isInteger(index) || index >= rows) {
      throw new ShapeError(
        `gatherRows: index ${index} at position ${i} is not a row of shape ${formatShape(a.shape)}`,
      );
    }
    view[i] = Math.max(index, -1);
  }
  const output = tape.output([indices.length, ...a.shape.slice(1)], [a]);
  backend.gatherRows(a.buffer, width, chosen, indices.length, output.buffer);
  tape.record(output, (dout) => {
    backend.scatterAddRows(dout, width, chosen, indices.length, tape.gradientOf(a));
  });
  return output;
}

/**
 * Reorders the axes: output axis i is input axis axes[i]. At most four axes.
 *
 * @throws ShapeError unless `axes` is a permutation of the axes
 */
export function permute(tape: Tape, a: Tensor, axes: readonly number[]): Tensor {
  const { backend } = tape;
  const rank = a.shape.length;
  const sorted = [...axes].sort((x, y) => x - y);
  if (axes.length !== rank || rank > 4 || sorted.some((axis, i) => axis !== i)) {
    throw new ShapeError(
      `permute: [${axes.join(", ")}] is not an order of the axes of shape ` +
        `${formatShape(a.shape)} (at most four)`,
    );
  }
  const output = tape.output(
    axes.map((axis) => a.extent(axis)),
    [a],
  );
  const forward = fourAxes(axes);
  backend.permute(a.buffer, fourExtents(a.shape), forward, output.buffer);
  tape.record(output, (dout) => {
    const inverse = [0, 1, 2, 3].map((axis) => forward.indexOf(axis));
    const restored = backend.scratch(a.size);
    backend.permute(dout, fourExtents(output.shape), quadruple(inverse), restored);
    backend.addScaled(restored, 1, tape.gradientOf(a));
  });
  return output;
}

/** Swaps the last two axes. */
export function transpose(tape: Tape, a: Tensor): Tensor {
  const rank = a.shape.length;
  if (rank < 2) throw new ShapeError(`transpose: needs at least two axes, got shape ${formatShape(a.shape)}`);
  const axes = a.shape.map((_, i) => (i === rank - 1 ? rank - 2 : i === rank - 2 ? rank - 1 : i));
  return permute(tape, a, axes);
}

type Quadruple = readonly [number, number, number, number];

function quadruple(values: readonly number[]): Quadruple {
  const [a = 0, b = 0, c = 0, d = 0] = values;
  return [a, b, c, d];
}

function fourExtents(shape: Shape): Quadruple {
  return quadruple([...new Array<number>(4 - shape.length).fill(1), ...shape]);
}

function fourAxes(axes: readonly number[]): Quadruple {
  const added = 4 - axes.length;
  return quadruple([...[0, 1, 2, 3].slice(0, added), ...axes.map((axis) => axis + added)]);
}
