import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { type ByteSource, memorySource } from "./byte-source.js";
import { parseDtype } from "./dtype.js";
import { withFileSource } from "./file-source.js";
import { NdArray, NumberReader } from "./nd-array.js";

const folder = mkdtempSync(join(tmpdir(), "euar-array-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** More numbers than are decoded at a time. */
const COUNT = 300_001;
/** Bytes before the array, so that its numbers are not aligned. */
const BEFORE = 3;
const numbers = Float32Array.from({ length: COUNT }, (_, i) => Math.fround(Math.sin(i) * 10 ** (i % 60)));

function bytesOf(code: string): Uint8Array {
  const { size, littleEndian } = parseDtype(code);
  const bytes = new Uint8Array(BEFORE + COUNT * size + 1);
  const view = new DataView(bytes.buffer, BEFORE);
  numbers.forEach((x, i) => {
    if (size === 4) view.setFloat32(i * 4, x, littleEndian);
    else view.setFloat64(i * 8, x, littleEndian);
  });
  return bytes;
}

/** Reads all numbers in two calls, into the middle of an array. */
function readIn(source: ByteSource, code: string): Float32Array {
  const dtype = parseDtype(code);
  const data = { kind: "range", offset: BEFORE, length: COUNT * dtype.size } as const;
  const reader = new NumberReader(new NdArray(source, dtype, [COUNT], false, data, "array"));
  const out = new Float32Array(COUNT + 1);
  reader.next(7, out, 1);
  reader.next(COUNT - 7, out, 8);
  expect(() => {
    reader.next(1, out);
  }).toThrow(/fewer bytes than its shape and type need/);
  return out.subarray(1);
}

it.each(["<f4", ">f4", "<f8", ">f8"])("reads %s from a file and from memory to the same bits", (code) => {
  const bytes = bytesOf(code);
  const path = join(folder, "numbers.bin");
  writeFileSync(path, bytes);
  expect(readIn(memorySource(bytes), code)).toEqual(numbers);
  expect(withFileSource(path, (source) => readIn(source, code))).toEqual(numbers);
});
