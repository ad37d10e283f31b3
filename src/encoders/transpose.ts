import { defined } from "../core/defined.js";
import type { FloatArray } from "../tensor/backend.js";

/** Rows and columns of a block. A block of both arrays fits the cache. */
const BLOCK = 32;

/** Transposes [rows, columns] to [columns, rows]. */
export function transposeInto(from: FloatArray, rows: number, columns: number, to: FloatArray): void {
  for (let r0 = 0; r0 < rows; r0 += BLOCK)
    for (let c0 = 0; c0 < columns; c0 += BLOCK)
      for (let c = c0; c < Math.min(c0 + BLOCK, columns); c++)
        for (let r = r0; r < Math.min(r0 + BLOCK, rows); r++)
          to[c * rows + r] = defined(from[r * columns + c]);
}
