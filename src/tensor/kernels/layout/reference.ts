import { add, at } from "../../backends/reference/access.js";
import type { LayoutKernels } from "./contract.js";

/** Computes row-major strides. With `repeat`, an axis of extent 1 gets stride 0, for broadcasting. */
function stridesOf(shape: readonly number[], repeat = false): number[] {
  const strides = new Array<number>(shape.length).fill(0);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const extent = at(shape, axis);
    strides[axis] = repeat && extent === 1 ? 0 : stride;
    stride *= extent;
  }
  return strides;
}

/** Calls `visit(i, j)` for every element of `shape`: i counts row-major, j is the offset under `strides`. */
function walk(
  shape: readonly number[],
  strides: readonly number[],
  visit: (i: number, j: number) => void,
): void {
  const total = shape.reduce((product, extent) => product * extent, 1);
  for (let i = 0; i < total; i++) {
    let rest = i;
    let j = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const extent = at(shape, axis);
      j += (rest % extent) * at(strides, axis);
      rest = Math.floor(rest / extent);
    }
    visit(i, j);
  }
}

export const reference: LayoutKernels = {
  broadcast(a, from, to, out) {
    const x = a.view;
    const y = out.view;
    walk(to, stridesOf(from, true), (i, j) => {
      y[i] = at(x, j);
    });
  },

  broadcastBackward(dout, from, to, da) {
    const dy = dout.view;
    const sums = new Float64Array(da.size);
    walk(to, stridesOf(from, true), (i, j) => {
      add(sums, j, at(dy, i));
    });
    const dx = da.view;
    sums.forEach((sum, j) => {
      add(dx, j, sum);
    });
  },

  gatherRows(a, width, indices, count, out) {
    const x = a.view;
    const y = out.view;
    const index = indices.view;
    for (let i = 0; i < count; i++) {
      const row = at(index, i);
      for (let j = 0; j < width; j++) y[i * width + j] = row < 0 ? 0 : at(x, row * width + j);
    }
  },

  scatterAddRows(dout, width, indices, count, da) {
    const dy = dout.view;
    const dx = da.view;
    const index = indices.view;
    for (let i = 0; i < count; i++) {
      const row = at(index, i);
      if (row < 0) continue;
      for (let j = 0; j < width; j++) add(dx, row * width + j, at(dy, i * width + j));
    }
  },

  permute(a, shape, axes, out) {
    const x = a.view;
    const y = out.view;
    const strides = stridesOf(shape);
    walk(
      axes.map((axis) => at(shape, axis)),
      axes.map((axis) => at(strides, axis)),
      (i, j) => {
        y[i] = at(x, j);
      },
    );
  },
};
