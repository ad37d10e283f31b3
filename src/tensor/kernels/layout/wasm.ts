import { defined } from "../../../core/defined.js";
import { EuarError } from "../../../core/errors.js";
import { address } from "../../backends/wasm/heap.js";
import type { FloatBuffer, IntBuffer } from "../../buffers.js";
import type { WasmParts } from "../wasm-parts.js";
import type { LayoutKernels } from "./contract.js";

/** Axis of a broadcast, or several merged axes. */
interface Axis {
  readonly extent: number;
  readonly repeated: boolean;
}

/** Merges neighbouring axes that are all repeated or all kept. Returns at least two axes. */
function collapse(from: readonly number[], to: readonly number[]): Axis[] {
  const axes: Axis[] = [];
  to.forEach((extent, i) => {
    if (extent === 1) return;
    const repeated = from[i] === 1;
    const last = axes.at(-1);
    if (last?.repeated === repeated) axes[axes.length - 1] = { extent: last.extent * extent, repeated };
    else axes.push({ extent, repeated });
  });
  while (axes.length < 2) axes.unshift({ extent: 1, repeated: false });
  return axes;
}

/**
 * Calls `visit(small, large)` for each innermost pair of axes, with its offsets (in elements) in the small
 * and the large array.
 */
function walkOuter(axes: readonly Axis[], visit: (small: number, large: number) => void): void {
  const keptBelow = (axis: number): number =>
    axes.slice(axis + 1).reduce((size, next) => (next.repeated ? size : size * next.extent), 1);
  const allBelow = (axis: number): number =>
    axes.slice(axis + 1).reduce((size, next) => size * next.extent, 1);
  const descend = (axis: number, small: number, large: number): void => {
    const here = axes[axis];
    if (!here || axis === axes.length - 2) {
      visit(small, large);
      return;
    }
    const smallStep = here.repeated ? 0 : keptBelow(axis);
    const largeStep = allBelow(axis);
    for (let i = 0; i < here.extent; i++) descend(axis + 1, small + i * smallStep, large + i * largeStep);
  };
  descend(0, 0, 0);
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1);

export function wasm({ kernels }: WasmParts): LayoutKernels {
  const requireRows = (what: string, bad: number, indices: IntBuffer, rows: number): void => {
    if (bad < 0) return;
    throw new EuarError(
      "internal",
      `${what}: index ${defined(indices.view[bad])} at position ${bad} lies outside ${rows} rows`,
    );
  };

  return {
    broadcast(a, from, to, out) {
      const source = address(a, sizeOf(from));
      const target = address(out, sizeOf(to));
      const axes = collapse(from, to);
      const [rows, columns] = axes.slice(-2) as [Axis, Axis];
      const columnStep = columns.repeated ? 0 : 1;
      const rowStep = rows.repeated ? 0 : columns.repeated ? 1 : columns.extent;
      walkOuter(axes, (small, large) => {
        kernels.broadcast2(
          source + 4 * small,
          rowStep,
          columnStep,
          rows.extent,
          columns.extent,
          target + 4 * large,
        );
      });
    },

    broadcastBackward(dout: FloatBuffer, from, to, da: FloatBuffer) {
      const source = address(dout, sizeOf(to));
      const target = address(da, sizeOf(from));
      const axes = collapse(from, to);
      const [rows, columns] = axes.slice(-2) as [Axis, Axis];
      const n = rows.extent * columns.extent;
      walkOuter(axes, (small, large) => {
        const d = source + 4 * large;
        const into = target + 4 * small;
        if (!rows.repeated && !columns.repeated) kernels.addRange(d, into, n);
        else if (rows.repeated && columns.repeated) kernels.rowSums(d, 1, n, into);
        else if (rows.repeated) kernels.columnSums(d, rows.extent, columns.extent, into);
        else kernels.rowSums(d, rows.extent, columns.extent, into);
      });
    },

    gatherRows(a, width, indices, count, out) {
      const rows = width === 0 ? 0 : Math.floor(a.size / width);
      const bad = kernels.gatherRows(
        address(a, 0),
        rows,
        width,
        address(indices, count),
        count,
        address(out, count * width),
      );
      requireRows("gatherRows", bad, indices, rows);
    },

    scatterAddRows(dout, width, indices, count, da) {
      const rows = width === 0 ? 0 : Math.floor(da.size / width);
      const bad = kernels.scatterAddRows(
        address(dout, count * width),
        width,
        address(indices, count),
        count,
        address(da, 0),
        rows,
      );
      requireRows("scatterAddRows", bad, indices, rows);
    },

    permute(a, shape, axes, out) {
      const n = sizeOf(shape);
      const strides = [shape[1] * shape[2] * shape[3], shape[2] * shape[3], shape[3], 1];
      const extents = axes.map((axis) => shape[axis] ?? 1) as [number, number, number, number];
      const steps = axes.map((axis) => strides[axis] ?? 1) as [number, number, number, number];
      kernels.permute4(address(a, n), ...extents, ...steps, address(out, n));
    },
  };
}
