// Written by scripts/write-kernel-table.js from src/tensor/kernels/. Do not edit.

import { address } from "../../backends/wasm/heap.js";
import type { WasmParts } from "../wasm-parts.js";
import { binaryCodes, unaryCodes } from "./constants.js";
import { dropoutThreshold } from "./dropout-threshold.js";
import type { ElementwiseKernels } from "./contract.js";

/** Methods that are one call of a kernel. */
export function calls(
  parts: WasmParts,
): Pick<
  ElementwiseKernels,
  | "fill"
  | "unary"
  | "unaryBackward"
  | "binary"
  | "affine"
  | "addScaled"
  | "clamp"
  | "clampBackward"
  | "dropout"
  | "normals"
> {
  const { kernels, heap } = parts;
  return {
    fill(out, value) {
      kernels.fill(address(out, 0), out.size, value);
    },

    unary(op, a, out) {
      kernels.unary(unaryCodes[op], address(a, 0), a.size, address(out, a.size));
    },

    unaryBackward(op, a, out, dout, da) {
      kernels.unaryBackward(
        unaryCodes[op],
        address(a, 0),
        address(out, a.size),
        address(dout, a.size),
        a.size,
        address(da, a.size),
      );
    },

    binary(op, a, b, out) {
      kernels.binary(binaryCodes[op], address(a, 0), address(b, a.size), a.size, address(out, a.size));
    },

    affine(a, scale, shift, out) {
      kernels.affine(address(a, 0), scale, shift, a.size, address(out, a.size));
    },

    addScaled(a, scale, out) {
      kernels.addScaled(address(a, 0), scale, a.size, address(out, a.size));
    },

    clamp(a, low, high, out) {
      kernels.clamp(address(a, 0), low, high, a.size, address(out, a.size));
    },

    clampBackward(a, low, high, dout, da) {
      kernels.clampBackward(address(a, 0), low, high, address(dout, a.size), a.size, address(da, a.size));
    },

    dropout(a, rows, width, keys, rate, out) {
      kernels.dropout(
        address(a, rows * width),
        rows,
        width,
        address(keys, 2 * rows),
        dropoutThreshold(rate),
        1 / (1 - rate),
        address(out, rows * width),
      );
    },

    normals(keys, rows, width, out) {
      kernels.normals(address(keys, 2 * rows), rows, width, address(out, rows * width), heap.work(width + 8));
    },
  };
}
