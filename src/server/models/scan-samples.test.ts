import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defined } from "../../core/defined.js";
import type { GivenSamples } from "./given-sample.js";
import { scanSamples } from "./scan-samples.js";

const encoder = new TextEncoder();
const scan = (text: string): GivenSamples | undefined => scanSamples(encoder.encode(text), 3);

/** Bits of the numbers of a list. */
const bits = (values: ArrayLike<number>): number[] =>
  Array.from(new Uint32Array(Float32Array.from(values).buffer));

/** Returns the bits that the scanner and JSON.parse read. */
function bothBits(numbers: readonly string[]): [scanned: number[] | undefined, parsed: number[]] {
  const list = `[${numbers.join(",")}]`;
  const sample = scan(`{"features":{"text":${list}}}`)?.samples[0];
  const values = sample?.kind === "features" ? (sample.features["text"] as Float32Array) : undefined;
  return [values && bits(values), bits(JSON.parse(list) as number[])];
}

describe("numbers have the bits of JSON.parse", () => {
  const number = fc.oneof(
    fc.float({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
    fc.double({ noNaN: true, min: -1e38, max: 1e38 }).map((value) => JSON.stringify(value)),
    fc
      .tuple(
        fc.constantFrom("", "-"),
        fc.stringMatching(/^(0|[1-9]\d{0,20})$/),
        fc.stringMatching(/^(\.\d{1,25})?$/),
        fc.stringMatching(/^([eE][+-]?\d)?$/),
      )
      .map((parts) => parts.join("")),
  );

  it("for floats, doubles and long decimal numbers", () => {
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 20 }), (numbers) => {
        const [scanned, parsed] = bothBits(numbers);
        expect(scanned).toEqual(parsed);
      }),
      { numRuns: 2000, seed: 1 },
    );
  });

  it("at the middle between two floats, and very close to it", () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, min: Math.fround(1e-30), max: Math.fround(1e30) }), (float) => {
        const [word] = bits([float]);
        const [above] = new Float32Array(new Uint32Array([defined(word) + 1]).buffer);
        const middle = (float + defined(above)) / 2; // exact in a double
        const [digits = "", exponent = "0"] = middle.toPrecision(50).split("e");
        const near = [digits, `${digits}1`, digits.replace(/(\d{20}).*$/, "$1"), middle.toPrecision(16)];
        const numbers = near.map((text) => (text.includes("e") ? text : `${text}e${exponent}`));
        const [scanned, parsed] = bothBits(numbers);
        expect(scanned).toEqual(parsed);
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  it("for zeros, and for exponents at the limits", () => {
    const numbers = ["0", "-0", "0.000", "-0.0e9", "1e-44", "1e-46", "1e-60", "3.4028234e38", "1e22", "1e23"];
    const [scanned, parsed] = bothBits([...numbers, `0.${"0".repeat(60)}7`, "123456789012345678e-30"]);
    expect(scanned).toEqual(parsed);
  });
});

it("reads one sample or several, with ids, sequences and spaces", () => {
  const values = Float32Array.of(1, 2);
  expect(scan('{"id": "a", "features": {"text": [1, 2], "audio": null}}')).toEqual({
    many: false,
    samples: [{ kind: "features", id: "a", features: { text: values, audio: null } }],
  });
  expect(scan(' {\n"samples":[{"features":{"v":[[1,2],[1,2]]},"id":7},{"features":{"v":[2]}}]}\n')).toEqual({
    many: true,
    samples: [
      { kind: "features", id: 7, features: { v: [values, values] } },
      { kind: "features", id: undefined, features: { v: Float32Array.of(2) } },
    ],
  });
});

it.each([
  ["", "no bytes"],
  ["{", "an end that is missing"],
  ['{"text":"a"}', "a text"],
  ['{"features":{}}', "no modality"],
  ['{"features":{"a":[]}}', "an empty list"],
  ['{"features":{"a":[1]},"features":{"a":[1]}}', "a key twice"],
  ['{"features":{"a":[1],"a":[1]}}', "a modality twice"],
  ['{"features":{"__proto__":[1]}}', "a dangerous key"],
  ['{"features":{"\\u0061":[1]}}', "an escaped key"],
  ['{"features":{"é":[1]}}', "a key that is not ASCII"],
  ['{"features":{"a":[1,[2]]}}', "a mixed list"],
  ['{"features":{"a":[1e39]}}', "a number that no float holds"],
  ['{"features":{"a":[1e9999]}}', "a long exponent"],
  ['{"features":{"a":[1]},"id":1.5}', "an id with a fraction"],
  ['{"features":{"a":[1]}} {}', "more after the object"],
  [`{"samples":[${Array(4).fill('{"features":{"a":[1]}}').join()}]}`, "too many samples"],
  ...["01", "+1", "1.", ".5", "-", "1e", "1 2", "NaN", "0x1", "1..2", "1.2.3"].map(
    (text): [string, string] => [`{"features":{"a":[${text}]}}`, `the number ${text}`],
  ),
])("leaves %s to the parser: %s", (text) => {
  expect(scan(text)).toBeUndefined();
});

it("accepts no text that is not JSON, and reads the same from every text", () => {
  const body = '{"id":1,"features":{"text":[0.25,-1e2],"audio":[[1,2],[3,4]],"b":null}}';
  const change = fc.tuple(
    fc.nat(body.length),
    fc.nat(2),
    fc.stringMatching(/^["{}[\],:0-9.eE+\-nul \\]{0,2}$/),
  );
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      const text = changes.reduce(
        (before, [at, removed, added]) => before.slice(0, at) + added + before.slice(at + removed),
        body,
      );
      const scanned = scan(text);
      if (scanned === undefined) return;
      const floats = (value: unknown): unknown =>
        JSON.parse(JSON.stringify(value), (_, part: unknown) =>
          typeof part === "number" ? Math.fround(part) + 0 : part,
        );
      const [sample] = scanned.samples;
      const lists = JSON.stringify(sample, (_, value: unknown) =>
        value instanceof Float32Array ? [...value] : value,
      );
      const parsed = JSON.parse(text) as object;
      expect(floats(JSON.parse(lists))).toEqual(floats({ kind: "features", ...parsed }));
    }),
    { numRuns: 5000, seed: 1 },
  );
});
