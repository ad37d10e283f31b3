import { describe, expect, it } from "vitest";
import { codeOf } from "../../core/testing/code-of.js";
import { memorySource } from "./byte-source.js";
import { requireInProportion } from "./expansion-limit.js";
import { listColumn } from "./feature-column.js";
import { parseDtype } from "./dtype.js";
import { NdArray } from "./nd-array.js";
import { stringsOf } from "./pickle/access.js";
import { PyArray, PyList } from "./pickle/values.js";

const source = memorySource(new Uint8Array(4000));

function array(steps: number): NdArray {
  const data = { kind: "range", offset: 0, length: 4 * steps } as const;
  return new NdArray(source, parseDtype("<f4"), [steps, 1], false, data, "array");
}

describe("the memory that a file may ask for", () => {
  it("is 64 bytes per byte of the file, plus 64 MiB", () => {
    const most = 2 ** 26 + 64 * 4000;
    expect(
      codeOf(() => {
        requireInProportion(most, source, "x");
      }),
    ).toBe("no error");
    expect(
      codeOf(() => {
        requireInProportion(most + 1, source, "x");
      }),
    ).toBe("data.unsafe");
  });

  it("limits one array that is referred to many times", () => {
    const one = array(1000);
    expect(listColumn(new Array<NdArray>(1000).fill(one), "few").count).toBe(1000);
    expect(codeOf(() => listColumn(new Array<NdArray>(20_000).fill(one), "many"))).toBe("data.unsafe");
  });

  it("limits one long sequence that pads all others", () => {
    const short = new Array<NdArray>(20_000).fill(array(1));
    expect(listColumn(short, "short").steps).toBe(1);
    expect(codeOf(() => listColumn([...short, array(1000)], "padded"))).toBe("data.unsafe");
  });

  it("counts texts before it reads any", () => {
    const data = { kind: "range", offset: 0, length: 1_000_000 } as const;
    const unread = { ...source, size: 2_000_000, read: () => expect.unreachable("read") };
    const texts = new PyArray();
    texts.content = new NdArray(unread, parseDtype("|S1"), [1_000_000], false, data, "texts");
    expect(() => stringsOf(unread, texts, "texts", 10)).toThrow(
      "texts: there are 1000000 items, but 10 labels",
    );
  });

  it("bounds repeated and joined texts", () => {
    const text = "x".repeat(100_000);
    const words = new PyList();
    words.items.push(...new Array<string>(1000).fill(text));
    const rows = new PyList();
    rows.items.push(words);
    expect(codeOf(() => stringsOf(source, words, "texts"))).toBe("data.unsafe");
    expect(codeOf(() => stringsOf(source, rows, "joined"))).toBe("data.unsafe");
  });
});
