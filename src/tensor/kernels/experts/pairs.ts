import { at } from "../../backends/reference/access.js";
import type { Dispatch } from "./contract.js";

/** Calls `visit(expert, pair, sample)` for all pairs in order. */
export function forEachPair(
  dispatch: Dispatch,
  visit: (expert: number, pair: number, row: number) => void,
): void {
  const offsets = dispatch.offsets.view;
  const rows = dispatch.rows.view;
  for (let e = 0; e < dispatch.experts; e++) {
    for (let p = at(offsets, e); p < at(offsets, e + 1); p++) visit(e, p, at(rows, p));
  }
}
