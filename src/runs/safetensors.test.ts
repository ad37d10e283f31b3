import { describe, expect, it } from "vitest";
import { EuarError } from "../core/errors.js";
import { readSafetensors, SafetensorsReader, type StoredTensor, writeSafetensors } from "./safetensors.js";

const tensors = new Map<string, StoredTensor>([
  ["weight", { shape: [2, 3], values: Float32Array.of(1, -2.5, 3, NaN, Infinity, 1e-40) }],
  ["mean", { shape: [2], values: Float64Array.of(0.1, 1 / 3) }],
  ["steps", { shape: [1], values: Int32Array.of(-7) }],
  ["flags", { shape: [3], values: Uint8Array.of(1, 0, 255) }],
  ["empty", { shape: [0, 4], values: new Float32Array(0) }],
]);
const good = writeSafetensors({ tensors, metadata: { format: "test", schlüssel: "wert ✓" } });

/** A file with this header text and this many bytes of values. */
function withHeader(header: string, dataBytes: number): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

describe("safetensors", () => {
  it("are read one after another, with the same header or another", () => {
    const reader = new SafetensorsReader();
    const file = (name: string, ...values: number[]): Uint8Array =>
      writeSafetensors({
        tensors: new Map([[name, { shape: [values.length], values: Float32Array.from(values) }]]),
        metadata: {},
      });
    const files = [file("a", 1, 2), file("a", 3, 4), file("b", 5, 6), file("a", 7), file("a", 8, 9), good];
    for (const bytes of files) expect(reader.read(bytes, "x")).toEqual(readSafetensors(bytes, "x"));
    reader.read(file("a", 1, 2), "x");
    expect(() => reader.read(file("a", 1, 2).subarray(0, -1), "x")).toThrow(EuarError);
  });

  it("refuses a header of more tensors than any model has", () => {
    const entry = '{"dtype":"U8","shape":[0],"data_offsets":[0,0]}';
    const header = (count: number): string =>
      `{${Array.from({ length: count }, (_, i) => `"${i}":${entry}`).join(",")}}`;
    expect(readSafetensors(withHeader(header(1000), 0), "many").tensors.size).toBe(1000);
    expect(() => readSafetensors(withHeader(header(100_001), 0), "many")).toThrow(/it has 100001 tensors/);
  });

  it("reads the written values, bit for bit", () => {
    const file = readSafetensors(good, "test file");
    expect([...file.tensors.keys()].sort()).toEqual([...tensors.keys()].sort());
    for (const [name, tensor] of tensors) expect(file.tensors.get(name)).toEqual(tensor);
    expect(file.metadata).toEqual({ format: "test", schlüssel: "wert ✓" });
  });

  it("reads from an unaligned view", () => {
    const shifted = new Uint8Array(good.length + 3);
    shifted.set(good, 3);
    expect(readSafetensors(shifted.subarray(3), "x").tensors.get("mean")?.values).toEqual(
      Float64Array.of(0.1, 1 / 3),
    );
  });

  it("starts the values at a multiple of 8 bytes", () => {
    expect(Number(new DataView(good.buffer).getBigUint64(0, true)) % 8).toBe(0);
  });

  const f32 = (offsets: string, shape = "[1]", dtype = "F32"): string =>
    `{"a":{"dtype":"${dtype}","shape":${shape},"data_offsets":${offsets}}}`;
  const hostile: [string, Uint8Array][] = [
    ["an empty file", new Uint8Array(0)],
    ["a header length beyond the file", Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255, 1)],
    ["a header that is not JSON", withHeader("{{{", 0)],
    ["a header that is not UTF-8", (() => withHeader("aa", 0).fill(0xff, 8))()],
    ["a header that is a list", withHeader("[]", 0)],
    ["an entry that is null", withHeader('{"a":null}', 0)],
    ["an unknown dtype", withHeader(f32("[0,4]", "[1]", "BF16"), 4)],
    ["a dtype from the prototype", withHeader(f32("[0,4]", "[1]", "toString"), 4)],
    ["a negative extent", withHeader(f32("[0,4]", "[-1]"), 4)],
    [
      "a shape whose product overflows",
      withHeader(f32("[0,4]", "[9007199254740991,9007199254740991,0.5]"), 4),
    ],
    ["a huge shape", withHeader(f32("[0,4]", "[1000000000,1000000000]"), 4)],
    ["offsets beyond the file", withHeader(f32("[0,4]"), 2)],
    ["offsets in reverse", withHeader(f32("[4,0]"), 4)],
    ["a gap", withHeader(f32("[4,8]"), 8)],
    ["left-over bytes", withHeader(f32("[0,4]"), 8)],
    [
      "overlapping tensors",
      withHeader(
        '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},' +
          '"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
        4,
      ),
    ],
    ["metadata that is not text", withHeader('{"__metadata__":{"a":1}}', 0)],
    ["a deeply nested header", withHeader("[".repeat(200_000), 0)],
  ];
  it.each(hostile)("refuses %s", (_, bytes) => {
    let caught: unknown;
    try {
      readSafetensors(bytes, "weights.safetensors");
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(EuarError);
    expect((caught as EuarError).code).toBe("checkpoint.format");
    expect((caught as EuarError).message).toContain("weights.safetensors");
  });

  it("refuses every truncation", () => {
    for (let length = 0; length < good.length; length += 7) {
      expect(() => readSafetensors(good.subarray(0, length), "cut")).toThrow(EuarError);
    }
  });
});
