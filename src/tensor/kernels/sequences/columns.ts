import { address } from "../../backends/wasm/heap.js";
import type { Columns } from "./contract.js";

/** Returns the address of the first row of `width` columns. */
export function columnsAt({ buffer, start, stride }: Columns, rows: number, width: number): number {
  const end = rows === 0 ? 0 : start + (rows - 1) * stride + width;
  return address(buffer, end) + 4 * start;
}
