import {
  buffer,
  code,
  functions,
  type KernelFamily,
  moves,
  splitElements,
  splitRows,
  value,
  work,
} from "../entry.js";
import { binaryCodes, unaryCodes } from "./constants.js";

/** Nanoseconds per element that is moved, of a function, of a uniform and of a normal draw. */
const MOVE = 0.3;
const FUNCTION = 1;
const DRAW = 1.5;
const NORMAL = 3;
/** Bytes of a row. */
const row = [4, "width"] as const;

export const family = {
  constants: { unary: unaryCodes, binary: binaryCodes },
  uses: {
    "./constants.js": ["binaryCodes", "unaryCodes"],
    "./dropout-threshold.js": ["dropoutThreshold"],
  },
  kernels: {
    fill: {
      assembly: "elementwise",
      native: "elementwise::fill",
      blocks: { fill: "elementwise::fill_block" },
      method: "out, value",
      numbers: { out: buffer("0"), count: value("out.size"), value: value() },
      cost: moves("count"),
      split: splitElements(["out"], MOVE),
    },
    copyRange: {
      assembly: "elementwise",
      native: "elementwise::copy_range",
      numbers: { a: value(), out: value(), count: value() },
      cost: moves("count"),
      split: splitElements(["a", "out"], MOVE),
    },
    addRange: {
      assembly: "elementwise",
      native: "elementwise::add_range",
      blocks: { add_range: "elementwise::add_range_block" },
      numbers: { a: value(), out: value(), count: value() },
      cost: moves("count"),
      split: splitElements(["a", "out"], MOVE),
    },
    unary: {
      assembly: "elementwise",
      native: "elementwise::unary",
      blocks: { unary: "elementwise::unary_block" },
      method: "op, a, out",
      numbers: { op: code("unaryCodes"), a: buffer("0"), count: value("a.size"), out: buffer("a.size") },
      cost: functions("count"),
      split: splitElements(["a", "out"], FUNCTION),
    },
    unaryBackward: {
      assembly: "elementwise",
      native: "elementwise::unary_backward",
      blocks: { unary_backward: "elementwise::unary_backward_block" },
      method: "op, a, out, dout, da",
      numbers: {
        op: code("unaryCodes"),
        a: buffer("0"),
        y: buffer("a.size", "out"),
        dout: buffer("a.size"),
        count: value("a.size"),
        da: buffer("a.size"),
      },
      cost: functions("count"),
      split: splitElements(["a", "y", "dout", "da"], FUNCTION),
    },
    activationBackward: {
      assembly: "elementwise",
      native: "elementwise::activation_backward",
      blocks: { activation_backward: "elementwise::activation_backward_block" },
      numbers: { op: value(), a: value(), dout: value(), count: value(), da: value() },
      cost: functions("count"),
      split: splitElements(["a", "dout", "da"], FUNCTION),
    },
    binary: {
      assembly: "elementwise",
      native: "elementwise::binary",
      blocks: { binary: "elementwise::binary_block" },
      method: "op, a, b, out",
      numbers: {
        op: code("binaryCodes"),
        a: buffer("0"),
        b: buffer("a.size"),
        count: value("a.size"),
        out: buffer("a.size"),
      },
      cost: moves("count"),
      split: splitElements(["a", "b", "out"], MOVE),
    },
    affine: {
      assembly: "elementwise",
      native: "elementwise::affine",
      blocks: { affine: "elementwise::affine_block" },
      method: "a, scale, shift, out",
      numbers: {
        a: buffer("0"),
        scale: value(),
        shift: value(),
        count: value("a.size"),
        out: buffer("a.size"),
      },
      cost: moves("count"),
      split: splitElements(["a", "out"], MOVE),
    },
    addScaled: {
      assembly: "elementwise",
      native: "elementwise::add_scaled",
      blocks: { add_scaled: "elementwise::add_scaled_block" },
      method: "a, scale, out",
      numbers: { a: buffer("0"), scale: value(), count: value("a.size"), out: buffer("a.size") },
      cost: moves("count"),
      split: splitElements(["a", "out"], MOVE),
    },
    clamp: {
      assembly: "elementwise",
      native: "elementwise::clamp",
      blocks: { clamp: "elementwise::clamp_block" },
      method: "a, low, high, out",
      numbers: {
        a: buffer("0"),
        low: value(),
        high: value(),
        count: value("a.size"),
        out: buffer("a.size"),
      },
      cost: moves("count"),
      split: splitElements(["a", "out"], MOVE),
    },
    clampBackward: {
      assembly: "elementwise",
      native: "elementwise::clamp_backward",
      blocks: { clamp_backward: "elementwise::clamp_backward_block" },
      method: "a, low, high, dout, da",
      numbers: {
        a: buffer("0"),
        low: value(),
        high: value(),
        dout: buffer("a.size"),
        count: value("a.size"),
        da: buffer("a.size"),
      },
      cost: moves("count"),
      split: splitElements(["a", "dout", "da"], MOVE),
    },
    dropout: {
      assembly: "random",
      native: "random::dropout",
      blocks: { dropout: "random::dropout_block" },
      method: "a, rows, width, keys, rate, out",
      numbers: {
        a: buffer("rows * width"),
        rows: value(),
        width: value(),
        keys: buffer("2 * rows"),
        threshold: value("dropoutThreshold(rate)"),
        scale: value("1 / (1 - rate)"),
        out: buffer("rows * width"),
      },
      cost: functions("rows", "width"),
      split: splitRows("rows", { a: row, keys: [8], out: row }, [DRAW, "width"]),
    },
    normals: {
      assembly: "random",
      native: "random::normals",
      blocks: { normals: "random::normals_block" },
      method: "keys, rows, width, out",
      numbers: {
        keys: buffer("2 * rows"),
        rows: value(),
        width: value(),
        out: buffer("rows * width"),
        work: work("width + 8"),
      },
      cost: functions("rows", "width"),
      split: splitRows("rows", { keys: [8], out: row }, [NORMAL, "width"], { work: "work" }),
    },
    /** First or second words of the random blocks, for tests. */
    words: {
      assembly: "random",
      numbers: { keys: value(), rows: value(), width: value(), c1: value(), out: value(), second: value() },
    },
  },
} as const satisfies KernelFamily;
