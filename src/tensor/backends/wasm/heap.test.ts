import { describe, expect, it } from "vitest";
import { BackendError } from "../../../core/errors.js";
import { createReferenceBackend } from "../reference/index.js";
import { bytesOfBase64, decodeBase64 } from "./base64.js";
import { createWasmBackend, createWasmBackendSync } from "./index.js";

describe("memory of the wasm backend", () => {
  it("stays flat over 10,000 steps of varying sizes", () => {
    const backend = createWasmBackendSync();
    const step = (i: number): void => {
      for (let j = 1; j < 12; j++) backend.scratch((i % 7) * 20_000 + j * 3000).view[0] = 1;
      backend.scratchInts(100 + (i % 3));
      backend.endStep();
    };
    for (let i = 0; i < 21; i++) step(i);
    const before = backend.memory();
    for (let i = 0; i < 10_000; i++) step(i);
    expect(backend.memory()).toEqual(before);
  });

  it("returns aligned buffers that do not overlap, even if the memory grows in between", () => {
    const backend = createWasmBackendSync();
    const buffers = [1, 15, 16, 17, 70_000, 3, 2_000_000, 5].flatMap((size, i) => {
      const [a, b] = [backend.scratch(size), backend.persistent(size)];
      backend.fill(a, i + 1);
      backend.fill(b, -i - 1);
      return [
        { buffer: a, value: i + 1 },
        { buffer: b, value: -i - 1 },
      ];
    });
    for (const { buffer, value } of buffers) {
      const view = buffer.view;
      expect(view.byteOffset % 64).toBe(0);
      expect(view.length).toBe(buffer.size);
      expect(view.every((x) => x === value)).toBe(true);
    }
  });

  it("persistent buffers start at zero and survive steps", () => {
    const backend = createWasmBackendSync();
    backend.fill(backend.scratch(1000), 7);
    backend.endStep();
    const weights = backend.persistent(1000);
    expect(weights.view.every((x) => x === 0)).toBe(true);
    weights.view[3] = 5;
    backend.endStep();
    backend.fill(backend.scratch(100_000), 7);
    expect(weights.view[3]).toBe(5);
  });

  it("refuses a scratch buffer of a finished step", () => {
    const backend = createWasmBackendSync();
    const old = backend.scratch(4);
    backend.endStep();
    expect(() => old.view).toThrow(/after the end of its step/);
    expect(() => {
      backend.fill(old, 1);
    }).toThrow(/after the end of its step/);
  });

  it("refuses a buffer of another backend and impossible sizes", () => {
    const backend = createWasmBackendSync();
    expect(() => {
      backend.fill(createReferenceBackend().scratch(4), 1);
    }).toThrow(/another backend/);
    for (const size of [-1, 1.5, NaN, Infinity])
      expect(() => backend.scratch(size)).toThrow(/non-negative integer/);
  });

  it("reports that memory ran out, and stays usable", () => {
    const backend = createWasmBackendSync({ maximumPages: 64 });
    const kept = backend.persistent(1000);
    let error: unknown;
    try {
      backend.scratch(2_000_000);
    } catch (cause) {
      error = cause;
    }
    expect(error).toBeInstanceOf(BackendError);
    expect(error).toMatchObject({
      code: "backend.out-of-memory",
      message: expect.stringMatching(/cannot grow its memory from \d+ MiB to \d+ MiB/) as string,
    });
    backend.fill(kept, 2);
    backend.endStep();
    expect(backend.scratch(1000).size).toBe(1000);
    expect(kept.view[999]).toBe(2);
  });

  it("backends are independent of each other", async () => {
    const [a, b] = [await createWasmBackend(), await createWasmBackend()];
    const [x, y] = [a.persistent(4), b.persistent(4)];
    a.fill(x, 1);
    expect([...y.view]).toEqual([0, 0, 0, 0]);
  });
});

describe("decodeBase64", () => {
  it("agrees with the platform's decoder at every padding", () => {
    for (let n = 0; n < 70; n++) {
      const bytes = Uint8Array.from({ length: n }, (_, i) => (i * 89 + n * 31) & 255);
      const text = Buffer.from(bytes).toString("base64");
      expect(decodeBase64(text)).toEqual(bytes);
      expect(Uint8Array.from(bytesOfBase64(text))).toEqual(bytes);
    }
  });
});
