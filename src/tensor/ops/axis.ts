import { ShapeError } from "../../core/errors.js";
import type { AxisView } from "../backend.js";
import { formatShape, type Shape } from "../tensor.js";

/**
 * Returns the axis, counted from the front.
 *
 * @throws ShapeError if `shape` has no such axis
 */
export function resolveAxis(operation: string, shape: Shape, axis: number): number {
  const resolved = axis < 0 ? shape.length + axis : axis;
  if (Number.isInteger(axis) && resolved >= 0 && resolved < shape.length) return resolved;
  throw new ShapeError(`${operation}: axis ${axis} does not exist in shape ${formatShape(shape)}`, {
    hint:
      shape.length === 0
        ? "A scalar has no axes."
        : `Use an axis from ${-shape.length} to ${shape.length - 1}.`,
  });
}

/** Returns `shape` as [outer, axis, inner]. */
export function axisView(shape: Shape, axis: number): AxisView {
  const product = (extents: Shape): number => extents.reduce((p, extent) => p * extent, 1);
  return {
    outer: product(shape.slice(0, axis)),
    axis: shape[axis] ?? 1,
    inner: product(shape.slice(axis + 1)),
  };
}

/**
 * Returns rows and width of an array for an operation over its last axis.
 *
 * @throws ShapeError for a scalar or an empty last axis
 */
export function rowsOf(operation: string, shape: Shape): { readonly rows: number; readonly width: number } {
  const width = shape.at(-1);
  if (width === undefined || width === 0) {
    throw new ShapeError(
      `${operation}: needs at least one value along the last axis, got shape ${formatShape(shape)}`,
    );
  }
  return { rows: shape.slice(0, -1).reduce((p, extent) => p * extent, 1), width };
}
