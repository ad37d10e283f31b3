import { input, type KernelCase } from "../../../testing/kernel-case.js";
import { filled, ints } from "../../../testing/kernel-inputs.js";

/** Uses of the kernels of rows and axes. */
export function cases(): KernelCase[] {
  return [
    {
      name: "broadcast and back",
      run: (b) =>
        [
          { from: [1, 33], to: [17, 33] },
          { from: [17, 1], to: [17, 33] },
          { from: [5, 1, 19], to: [5, 130, 19] },
          { from: [1, 1, 1], to: [3, 5, 7] },
        ].flatMap(({ from, to }) => {
          const sizeOf = (shape: readonly number[]): number => shape.reduce((x, y) => x * y, 1);
          const out = filled(b, sizeOf(to));
          b.broadcast(input(b, "a", sizeOf(from)), from, to, out);
          const da = input(b, "da", sizeOf(from));
          b.broadcastBackward(input(b, "dout", sizeOf(to)), from, to, da);
          return [out, da];
        }),
    },
    {
      name: "rows and axes moved",
      run: (b) => {
        const gathered = filled(b, 4 * 37);
        const indices = ints(b, [2, -1, 4, 2]);
        b.gatherRows(input(b, "a", 5 * 37), 37, indices, 4, gathered);
        const scattered = input(b, "s", 5 * 37);
        b.scatterAddRows(input(b, "d", 4 * 37), 37, indices, 4, scattered);
        const permuted = [
          [0, 2, 1, 3],
          [3, 1, 0, 2],
          [0, 1, 3, 2],
        ].map((axes) => {
          const out = filled(b, 3 * 5 * 7 * 66);
          b.permute(
            input(b, "p", 3 * 5 * 7 * 66),
            [3, 5, 7, 66],
            axes as [number, number, number, number],
            out,
          );
          return out;
        });
        return [gathered, scattered, ...permuted];
      },
    },
  ];
}
