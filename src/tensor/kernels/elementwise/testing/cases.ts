import type { FloatBuffer } from "../../../backend.js";
import { input, type KernelCase } from "../../../testing/kernel-case.js";
import { filled, floats, keyBuffer } from "../../../testing/kernel-inputs.js";
import { binaryOps, special, unaryOps } from "./operations.js";

/** Uses of the kernels of single elements and of random draws. */
export function cases(): KernelCase[] {
  const list: KernelCase[] = [];
  for (const size of [0, 1, 3, 4, 5, 17, 1000, 70_001]) {
    list.push({
      name: `elementwise on ${size}`,
      run: (b) => {
        const a = input(b, "a", size);
        const out = (): FloatBuffer => filled(b, size);
        const results: FloatBuffer[] = [];
        for (const op of unaryOps) {
          const y = out();
          b.unary(op, a, y);
          const da = input(b, "da", size);
          b.unaryBackward(op, a, y, input(b, "dout", size), da);
          results.push(y, da);
        }
        for (const op of binaryOps) {
          const y = out();
          b.binary(op, a, input(b, "b", size), y);
          results.push(y);
        }
        const [affine, clamped, scaled, clampedBack] = [
          out(),
          out(),
          input(b, "s", size),
          input(b, "c", size),
        ];
        b.affine(a, 0.1, -0.7, affine);
        b.clamp(a, -0.5, 1.1, clamped);
        b.addScaled(a, 0.3, scaled);
        b.clampBackward(a, -0.5, 1.1, input(b, "dout", size), clampedBack);
        const value = out();
        b.fill(value, 0.1);
        return [...results, affine, clamped, scaled, clampedBack, value];
      },
    });
  }
  list.push({
    name: "special values",
    run: (b) => {
      const n = special.length;
      const left = floats(
        b,
        special.flatMap((x) => special.map(() => x)),
      );
      const right = floats(
        b,
        special.flatMap(() => special),
      );
      const results: FloatBuffer[] = [];
      for (const op of binaryOps) {
        const out = filled(b, n * n);
        b.binary(op, left, right, out);
        results.push(out);
      }
      for (const op of unaryOps) {
        const out = filled(b, n * n);
        b.unary(op, left, out);
        const da = filled(b, n * n);
        b.unaryBackward(op, left, out, right, da);
        results.push(out, da);
      }
      return results;
    },
  });
  list.push({
    name: "random numbers",
    run: (b) =>
      [1, 7, 8, 31, 33, 100].flatMap((width) => {
        const keys = keyBuffer(b, "k", 9);
        const noise = filled(b, 9 * width);
        b.normals(keys, 9, width, noise);
        return [
          noise,
          ...[0, 0.3, 0.5, 1 - 1e-12].map((rate) => {
            const out = filled(b, 9 * width);
            b.dropout(input(b, "a", 9 * width), 9, width, keys, rate, out);
            return out;
          }),
        ];
      }),
  });
  list.push({
    name: "copies of parts",
    run: (b) =>
      [0, 1, 3, 4, 6, 9, 33].flatMap((count) =>
        [false, true].map((accumulate) => {
          const out = input(b, "out", 64);
          b.copy(input(b, "a", 64), 7, out, 3, count, accumulate);
          return out;
        }),
      ),
  });
  return list;
}
