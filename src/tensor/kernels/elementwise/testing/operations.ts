import type { BinaryOp, UnaryOp } from "../contract.js";
import { binaryCodes, unaryCodes } from "../constants.js";

/** Every unary operation. */
export const unaryOps = Object.keys(unaryCodes) as UnaryOp[];
/** Every operation on two operands. */
export const binaryOps = Object.keys(binaryCodes) as BinaryOp[];
/** Zeros of both signs, infinities, NaN, subnormal numbers and the limits of the functions' ranges. */
export const special: readonly number[] = [
  ...[NaN, Infinity, -Infinity, 0, -0, 1, -1, 1e30, -1e30, 1e-30, 88.7, 88.8, -87, -103.9, 1e-40, -1e-40],
  ...[0.62, 0.63, 9.5, -9.5],
];
