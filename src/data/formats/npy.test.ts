import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { EuarError } from "../../core/errors.js";
import { memorySource } from "./byte-source.js";
import { halfToNumber, parseDtype } from "./dtype.js";
import { readFloats, readNumbers } from "./nd-array.js";
import { openNpy } from "./npy.js";

const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../../test/fixtures/pickles/${name}`, import.meta.url)));
const open = (bytes: Uint8Array): ReturnType<typeof openNpy> => openNpy(memorySource(bytes, "a.npy"));
const grid = Array.from({ length: 24 }, (_, i) => (i - 7.5) / 4);

/** A file with this header text and so many bytes of data. */
function withHeader(header: string, dataBytes: number): Uint8Array {
  const bytes = new Uint8Array(10 + header.length + dataBytes);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
  bytes.set(
    Uint8Array.from(header, (c) => c.charCodeAt(0)),
    10,
  );
  return bytes;
}

describe("openNpy", () => {
  it.each(["c-f4.npy", "v2-f8.npy", "v3-f2.npy", "fortran-f4.npy"])("reads %s", (name) => {
    const array = open(fixture(name));
    expect(array.shape).toEqual([4, 3, 2]);
    expect(Array.from(readFloats(array))).toEqual(grid);
    expect(Array.from(readNumbers(array))).toEqual(grid);
  });

  it("reads big-endian integers and booleans", () => {
    expect(Array.from(readNumbers(open(fixture("big-i2.npy"))))).toEqual([0, 1, 2, 3, 4, 5]);
    expect(Array.from(readNumbers(open(fixture("bool.npy"))))).toEqual([1, 0, 1]);
  });

  it("never unpickles", () => {
    expect(() => open(fixture("objects.npy"))).toThrow(
      expect.objectContaining({ code: "data.unsafe" }) as Error,
    );
  });

  it("cut off or changed anywhere, it is read or refused", () => {
    const bytes = fixture("c-f4.npy");
    for (let length = 0; length < bytes.length; length++)
      expect(() => open(bytes.subarray(0, length))).toThrow(EuarError);
    for (let at = 0; at < bytes.length; at++) {
      const original = bytes[at] ?? 0;
      for (let bit = 0; bit < 8; bit++) {
        bytes[at] = original ^ (1 << bit);
        try {
          readNumbers(open(bytes));
        } catch (error) {
          if (!(error instanceof EuarError)) throw error;
        }
      }
      bytes[at] = original;
    }
  });

  it.each([
    [
      "a size beyond the file",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000,), }",
      /needs 4000000000000 bytes, but has 8/,
    ],
    [
      "a size beyond 2^53",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999, 2), }",
      /cannot have the size/,
    ],
    [
      "a product beyond 2^53",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296), }",
      /impossibly large/,
    ],
    ["a negative size", "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }", /has no shape/],
    [
      "very many empty strings",
      "{'descr': '|S0', 'fortran_order': False, 'shape': (1000000000000,), }",
      /needs 0 bytes/,
    ],
    [
      "code for a shape",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (__import__('os'),), }",
      /has no shape/,
    ],
    [
      "a structured type",
      "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }",
      /names no plain element type/,
    ],
    ["no order", "{'descr': '<f4', 'shape': (2,), }", /in which order/],
    ["no dict", "import os", /is not a dict/],
    ["a key twice", "{'descr': '<f4', 'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", "twice"],
    ["a key of another type", "{'descr': True, 'fortran_order': False, 'shape': (2,), }", "another type"],
    ["words between", "{'descr': '<f4', x 'fortran_order': False, 'shape': (2,), }", "numpy writes"],
    ["sizes without commas", "{'descr': '<f4', 'fortran_order': False, 'shape': (1 2), }", "numpy writes"],
    ["an unknown key", "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': True}", "numpy writes"],
  ])("refuses %s", (_what, header, message) => {
    expect(() => open(withHeader(header, 8))).toThrow(message);
  });

  it("refuses a type without numbers only if numbers are requested", () => {
    const array = open(withHeader("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", 8));
    expect(() => readNumbers(array)).toThrow(/element type <c8/);
  });
});

describe("halfToNumber", () => {
  it.each([
    [0x0000, 0],
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, 65504],
    [0x0400, 2 ** -14],
    [0x0001, 2 ** -24],
    [0x3555, 0.333251953125],
    [0x7c00, Infinity],
    [0xfc00, -Infinity],
    [0x7e00, NaN],
  ])("%d is %d", (bits, value) => {
    expect(halfToNumber(bits)).toBe(value);
  });
});

describe("parseDtype", () => {
  it("knows numpy's spellings", () => {
    expect(parseDtype(">f8")).toEqual({ kind: "f", size: 8, littleEndian: false, code: ">f8" });
    expect(parseDtype("?").kind).toBe("b");
    expect(parseDtype("<U7").size).toBe(28);
    expect(parseDtype("<M8[ns]").kind).toBe("other");
    expect(parseDtype("f3").kind).toBe("other");
  });
});
