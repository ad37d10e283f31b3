import type { FloatBuffer } from "../../../backend.js";
import { input, type KernelCase } from "../../../testing/kernel-case.js";
import { filled } from "../../../testing/kernel-inputs.js";

/** Uses of the kernels of matrix products. */
export function cases(): KernelCase[] {
  const shapes = [
    [1, 1, 1],
    [1, 72, 130],
    [3, 5, 7],
    [4, 49, 64],
    [9, 33, 257],
    [16, 144, 768],
    [33, 48, 65],
    [50, 50, 24],
    [70, 100, 300],
    [130, 17, 513],
    [200, 800, 90],
    [64, 1, 50],
    [257, 63, 31],
  ] as const;
  return shapes.map(([m, n, k]) => ({
    name: `product ${m} x ${k} by ${k} x ${n}`,
    run: (b) => {
      const [a, c] = [input(b, "a", m * k), input(b, "b", k * n)];
      const results: FloatBuffer[] = [];
      for (const transposeA of [false, true])
        for (const transposeB of [false, true])
          for (const accumulate of [false, true]) {
            const out = input(b, "out", m * n);
            b.gemm(a, c, out, { m, n, k, transposeA, transposeB, accumulate });
            const several = input(b, "several", 5 * m * n);
            if (m * n * k < 100_000) {
              const [left, right] = [input(b, "left", 5 * m * k), input(b, "right", 5 * k * n)];
              b.batchedGemm(left, right, several, 5, { m, n, k, transposeA, transposeB, accumulate });
            }
            results.push(out, several);
          }
      for (const bias of [undefined, input(b, "bias", n)]) {
        const out = filled(b, m * n);
        b.linear(a, c, bias, out, m, k, n);
        results.push(out);
      }
      return results;
    },
  }));
}
