import { input, type KernelCase } from "../../../testing/kernel-case.js";
import { filled } from "../../../testing/kernel-inputs.js";

/** Uses of the kernels of sums, softmax and layer norm. */
export function cases(): KernelCase[] {
  return [1, 2, 5, 8, 15, 16, 17, 31, 48, 50, 130, 768].map((width) => ({
    name: `rows of ${width}`,
    run: (b) => {
      const rows = width === 768 ? 300 : 13;
      const n = rows * width;
      const a = input(b, "a", n);
      const dout = input(b, "dout", n);
      const soft = filled(b, n);
      b.softmax(a, rows, width, soft);
      const dsoft = input(b, "da", n);
      b.softmaxBackward(soft, rows, width, dout, dsoft);
      const lse = filled(b, rows);
      b.logSumExp(a, rows, width, lse);
      const [gain, bias] = [input(b, "gain", width), input(b, "bias", width)];
      const [normal, mean, inverse] = [filled(b, n), filled(b, rows), filled(b, rows)];
      const call = { a, rows, width, gain, bias, epsilon: 1e-5, out: normal, mean, inverseStd: inverse };
      b.layerNorm(call);
      const [da, dgain, dbias] = [input(b, "da", n), input(b, "dg", width), input(b, "db", width)];
      b.layerNormBackward(call, { dout, da, dgain, dbias });
      b.layerNormBackward(call, { dout, da: undefined, dgain, dbias });
      const columns = input(b, "cs", width);
      b.columnSums(a, rows, width, columns);
      const reduced = (["sum", "mean", "max"] as const).flatMap((op) =>
        [
          { outer: rows, axis: width, inner: 1 },
          { outer: 1, axis: rows, inner: width },
        ].flatMap((view) => {
          const out = filled(b, view.outer * view.inner);
          b.reduce(op, a, view, out);
          const back = input(b, "back", n);
          b.reduceBackward(op, a, view, out, back);
          return [out, back];
        }),
      );
      return [
        soft,
        dsoft,
        lse,
        normal,
        mean,
        inverse,
        da,
        dgain,
        dbias,
        columns,
        ...reduced,
        b.squaredNorm(a, n - 1),
      ];
    },
  }));
}
