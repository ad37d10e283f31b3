import type { Backend, GemmShape } from "../../backend.js";
import { address, type Heap } from "./heap.js";
import { DEPTH, type Kernels } from "./kernels.js";

type Matrices = Pick<Backend, "gemm" | "batchedGemm" | "linear">;

export function matrices(kernels: Kernels, heap: Heap): Matrices {
  const flags = ({
    n,
    transposeA = false,
    transposeB = false,
    accumulate = false,
  }: GemmShape): [number, number, number] => [
    Number(transposeA),
    transposeB ? heap.work(DEPTH * n) : 0,
    Number(accumulate),
  ];

  return {
    gemm(a, b, out, shape) {
      const { m, n, k } = shape;
      kernels.gemm(address(a, m * k), address(b, k * n), address(out, m * n), m, n, k, ...flags(shape));
    },

    batchedGemm(a, b, out, count, shape) {
      const { m, n, k } = shape;
      kernels.batchedGemm(
        address(a, count * m * k),
        address(b, count * k * n),
        address(out, count * m * n),
        count,
        m,
        n,
        k,
        ...flags(shape),
      );
    },

    linear(a, weight, bias, out, m, k, n) {
      kernels.linear(
        address(a, m * k),
        address(weight, k * n),
        bias ? address(bias, n) : 0,
        address(out, m * n),
        m,
        k,
        n,
      );
    },
  };
}
