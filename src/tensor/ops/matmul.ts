import { ShapeError } from "../../core/errors.js";
import type { FloatBuffer, GemmShape } from "../backend.js";
import type { Tape } from "../tape.js";
import { formatShape, type Tensor } from "../tensor.js";

/** Options of {@link matmul}. */
export interface MatmulOptions {
  /** a is stored [.., k, m]. */
  readonly transposeA?: boolean;
  /** b is stored [.., n, k]. */
  readonly transposeB?: boolean;
}

interface Product {
  readonly count: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

/**
 * Matrix product of two matrices, or of two stacks of equally many matrices.
 * @param a [m, k] or [C, m, k] ([k, m] with transposeA)
 * @param b [k, n] or [C, k, n] ([n, k] with transposeB)
 * @returns [m, n] or [C, m, n]
 * @throws ShapeError if the ranks, the counts or the inner extents differ
 */
export function matmul(tape: Tape, a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
  const { transposeA = false, transposeB = false } = options;
  const { count, m, n, k } = productOf(a, b, transposeA, transposeB);
  const shape = a.shape.length === 2 ? [m, n] : [count, m, n];
  const output = tape.output(shape, [a, b]); // [C, m, n]
  const run = (x: FloatBuffer, y: FloatBuffer, out: FloatBuffer, gemm: GemmShape): void => {
    if (count === 1) tape.backend.gemm(x, y, out, gemm);
    else tape.backend.batchedGemm(x, y, out, count, gemm);
  };
  run(a.buffer, b.buffer, output.buffer, { m, n, k, transposeA, transposeB });
  tape.record(output, (dout) => {
    // d(op a) = dout (op b)^T and d(op b) = (op a)^T dout; a transposed operand takes the transpose of that.
    if (a.requiresGradient) {
      const { buffer: da, accumulate } = tape.gradientTarget(a);
      if (transposeA) {
        const shape = { m: k, n: m, k: n, transposeA: transposeB, transposeB: true, accumulate };
        run(b.buffer, dout, da, shape);
      } else run(dout, b.buffer, da, { m, n: k, k: n, transposeB: !transposeB, accumulate });
    }
    if (b.requiresGradient) {
      const { buffer: db, accumulate } = tape.gradientTarget(b);
      if (transposeB) {
        const shape = { m: n, n: k, k: m, transposeA: true, transposeB: transposeA, accumulate };
        run(dout, a.buffer, db, shape);
      } else run(a.buffer, dout, db, { m: k, n, k: m, transposeA: !transposeA, accumulate });
    }
  });
  return output;
}

function productOf(a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Product {
  const rank = a.shape.length;
  if (rank !== b.shape.length || (rank !== 2 && rank !== 3))
    throw mismatch(a, b, "both operands must be matrices, or both stacks of matrices");
  const count = rank === 3 ? a.extent(0) : 1;
  if (rank === 3 && b.extent(0) !== count) throw mismatch(a, b, `${count} matrices against ${b.extent(0)}`);
  const k = a.extent(transposeA ? -2 : -1);
  const inner = b.extent(transposeB ? -1 : -2);
  if (k !== inner) {
    throw mismatch(
      a,
      b,
      `inner extents ${k} and ${inner} ` +
        `differ${transposeA ? ", a transposed" : ""}${transposeB ? ", b transposed" : ""}`,
    );
  }
  return { count, m: a.extent(transposeA ? -1 : -2), n: b.extent(transposeB ? -2 : -1), k };
}

function mismatch(a: Tensor, b: Tensor, reason: string): ShapeError {
  return new ShapeError(
    `matmul: cannot multiply ${formatShape(a.shape)} by ${formatShape(b.shape)}: ${reason}`,
    {
      hint: "Use transposeA or transposeB, or reshape an operand.",
    },
  );
}
