import { describe, expect, it } from "vitest";
import { foldIn, normalAt, randomKey, threefry, uniformAt, type RandomKey } from "../../../core/random.js";
import { writeKeys } from "../../backend.js";
import { address, Heap } from "../../backends/wasm/heap.js";
import { loadKernelsSync } from "../../backends/wasm/kernels.js";
import { expectAgreement, onWasm } from "../../backends/wasm/testing/compare.js";

const keys: readonly RandomKey[] = [
  { k0: 0, k1: 0 },
  { k0: 0xffffffff, k1: 0xffffffff },
  { k0: 0x13198a2e, k1: 0x03707344 },
  ...Array.from({ length: 20 }, (_, i) => foldIn(randomKey(i, "test"), i)),
];

describe("random integers", () => {
  it("both words of every block are exactly those of core/random.ts", () => {
    const heap = new Heap();
    const { kernels } = loadKernelsSync(heap);
    const width = 64;
    const out = heap.scratchInts(keys.length * width);
    const keyBuffer = heap.scratchInts(2 * keys.length);
    writeKeys(keys, keyBuffer);
    const block = new Uint32Array(2);
    for (const c1 of [0, 1, 2, -1]) {
      for (const second of [0, 1]) {
        kernels.words(address(keyBuffer, 0), keys.length, width, c1, address(out, 0), second);
        keys.forEach((key, r) => {
          for (let c0 = 0; c0 < width; c0++) {
            threefry(key, c0, c1, block);
            expect((out.view[r * width + c0] ?? 0) >>> 0).toBe(block[second]);
          }
        });
      }
    }
  });
});

describe("dropout", () => {
  it.each([0, 0.1, 0.5, 0.999999, 1 - 2 ** -53])(
    "keeps exactly the elements that the reference keeps, rate %f",
    (rate) => {
      for (const width of [1, 3, 4, 6, 64, 333]) {
        expectAgreement(
          (t) => {
            const keyBuffer = t.ints(new Int32Array(2 * keys.length));
            writeKeys(keys, keyBuffer);
            const out = t.zeros(keys.length * width);
            t.backend.dropout(t.random(keys.length * width), keys.length, width, keyBuffer, rate, out);
            return { out };
          },
          { tolerance: 2e-7, relativeTo: "element" },
        );
      }
    },
  );

  it("decides on the exact uniform, not a rounded one: a rate equal to a draw keeps it", () => {
    const key = randomKey(11, "edge");
    const width = 9;
    for (let j = 0; j < width; j++) {
      const rate = uniformAt(key, j);
      const out = onWasm((t) => {
        const keyBuffer = t.ints([0, 0]);
        writeKeys([key], keyBuffer);
        const buffer = t.zeros(width);
        t.backend.dropout(t.floats(new Array<number>(width).fill(1)), 1, width, keyBuffer, rate, buffer);
        return { buffer };
      }).get("buffer");
      expect(out?.[j]).toBe(Math.fround(1 / (1 - rate)));
    }
  });
});

describe("normals", () => {
  it.each([1, 2, 7, 8, 9, 72, 1000])(
    "agree with core/random.ts within float32 rounding, width %i",
    (width) => {
      const out = onWasm((t) => {
        const keyBuffer = t.ints(new Int32Array(2 * keys.length));
        writeKeys(keys, keyBuffer);
        const buffer = t.zeros(keys.length * width);
        t.backend.normals(keyBuffer, keys.length, width, buffer);
        return { buffer };
      }).get("buffer");
      let worst = 0;
      keys.forEach((key, r) => {
        for (let j = 0; j < width; j++) {
          const want = normalAt(key, j);
          // units in the last place of the larger of |want| and the radius at which cosine error is relative
          // to 1
          worst = Math.max(
            worst,
            Math.abs((out?.[r * width + j] ?? NaN) - want) / Math.max(1, Math.abs(want)),
          );
        }
      });
      expect(worst).toBeLessThan(4e-7);
    },
  );
});
