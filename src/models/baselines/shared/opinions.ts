import { add, affine, div, mul, scale, shift, sub } from "../../../tensor/ops/elementwise.js";
import { sum } from "../../../tensor/ops/reductions.js";
import { reciprocal } from "../../../tensor/ops/unary.js";
import type { Tape } from "../../../tensor/tape.js";
import type { Tensor } from "../../../tensor/tensor.js";

/** Subjective opinion on each sample: belief in each class, and ignorance. They sum to 1. */
export interface Opinion {
  /** Belief, [B, C]. */
  readonly belief: Tensor;
  /** Ignorance, [B, 1], in (0, 1]. */
  readonly ignorance: Tensor;
}

/**
 * Converts evidence e >= 0 [B, C] to an opinion: alpha = e + 1, S = sum alpha, b = e / S, u = C / S (TMC, Eq.
 * 3).
 */
export function opinionOf(tape: Tape, evidence: Tensor): Opinion {
  const classes = evidence.extent(1);
  const inverse = reciprocal(tape, shift(tape, sum(tape, evidence, 1, true), classes)); // [B, 1]
  return { belief: mul(tape, evidence, inverse), ignorance: scale(tape, inverse, classes) };
}

/**
 * Combines two opinions by Dempster's rule (TMC, Eq. 5). With the conflict C = sum over i != j of b1_i b2_j,
 * b_k = (b1_k b2_k + b1_k u2 + b2_k u1) / (1 - C) and u = u1 u2 / (1 - C). An opinion of full ignorance (u =
 * 1) changes nothing.
 */
export function combine(tape: Tape, one: Opinion, other: Opinion): Opinion {
  const agreed = mul(tape, one.belief, other.belief); // [B, C]
  const conflict = sub(
    tape,
    mul(tape, sum(tape, one.belief, 1, true), sum(tape, other.belief, 1, true)),
    sum(tape, agreed, 1, true),
  ); // [B, 1]
  const left = affine(tape, conflict, -1, 1); // [B, 1]: 1 - C
  const belief = add(
    tape,
    agreed,
    add(tape, mul(tape, one.belief, other.ignorance), mul(tape, other.belief, one.ignorance)),
  );
  return {
    belief: div(tape, belief, left),
    ignorance: div(tape, mul(tape, one.ignorance, other.ignorance), left),
  };
}

/** Converts an opinion to Dirichlet parameters: S = C / u, alpha = b S + 1 (TMC, Eq. 6). [B, C] */
export function dirichletOf(tape: Tape, { belief, ignorance }: Opinion): Tensor {
  return shift(tape, div(tape, scale(tape, belief, belief.extent(1)), ignorance), 1);
}
