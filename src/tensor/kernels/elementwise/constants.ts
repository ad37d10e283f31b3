/** Code of each unary operation. Its derivative has the same code. */
export const unaryCodes = {
  neg: 0,
  exp: 1,
  log: 2,
  sqrt: 3,
  square: 4,
  abs: 5,
  reciprocal: 6,
  relu: 7,
  gelu: 8,
  sigmoid: 9,
  tanh: 10,
  softplus: 11,
  geluErf: 12,
} as const;

/** Code of each operation on two operands. */
export const binaryCodes = { add: 0, sub: 1, mul: 2, div: 3, max: 4 } as const;
