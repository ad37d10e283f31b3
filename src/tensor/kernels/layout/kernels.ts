import { type KernelFamily, moves, splitRows, value } from "../entry.js";

/** Nanoseconds per moved element. */
const MOVE = 0.3;

export const family = {
  kernels: {
    broadcast2: {
      assembly: "layout",
      native: "layout::broadcast",
      blocks: { broadcast: "layout::broadcast_block" },
      numbers: {
        a: value(),
        rowStep: value(),
        columnStep: value(),
        rows: value(),
        columns: value(),
        out: value(),
      },
      cost: moves("rows", "columns"),
      split: splitRows("rows", { a: [4, "rowStep"], out: [4, "columns"] }, [MOVE, "columns"]),
    },
    gatherRows: {
      assembly: "layout",
      native: "layout::gather_rows",
      numbers: {
        a: value(),
        rows: value(),
        width: value(),
        indices: value(),
        count: value(),
        out: value(),
      },
      returns: true,
      cost: moves("width", "count"),
    },
    scatterAddRows: {
      assembly: "layout",
      native: "layout::scatter_add_rows",
      blocks: { scatter_add_rows: "layout::scatter_add_rows_block" },
      numbers: {
        dout: value(),
        width: value(),
        indices: value(),
        count: value(),
        da: value(),
        rows: value(),
      },
      returns: true,
      cost: moves("width", "count"),
    },
    permute4: {
      assembly: "layout",
      native: "layout::permute",
      blocks: { permute: "layout::permute_block" },
      numbers: {
        a: value(),
        n0: value(),
        n1: value(),
        n2: value(),
        n3: value(),
        s0: value(),
        s1: value(),
        s2: value(),
        s3: value(),
        out: value(),
      },
      cost: moves("n0", "n1", "n2", "n3"),
      split: splitRows("n0", { a: [4, "s0"], out: [4, "n1", "n2", "n3"] }, [2 * MOVE, "n1", "n2", "n3"]),
    },
  },
} as const satisfies KernelFamily;
