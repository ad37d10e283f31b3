import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { EuarError } from "../../../core/errors.js";
import { memorySource } from "../byte-source.js";
import { latin1Text, NdArray, readFloats, readNumbers } from "../nd-array.js";
import { asDict } from "./access.js";
import { DEFAULT_LIMITS } from "./machine.js";
import { readPickle } from "./read-pickle.js";
import { wholeText } from "./text.js";
import { PyArray, PyBytes, PyDict, PyList, PySet, PyText, PyTuple, type PyValue } from "./values.js";

const fixture = (name: string): Uint8Array =>
  readFileSync(new URL(`../../../../test/fixtures/pickles/${name}`, import.meta.url));
const source = (bytes: Uint8Array | string): ReturnType<typeof memorySource> =>
  memorySource(
    typeof bytes === "string" ? Uint8Array.from(bytes, (c) => c.charCodeAt(0)) : bytes,
    "test.pkl",
  );

/** The value as plain JavaScript, for comparison. */
function plain(value: PyValue | undefined, bytes: Uint8Array): unknown {
  if (value instanceof PyList) return value.items.map((item) => plain(item, bytes));
  if (value instanceof PyTuple) return { tuple: value.items.map((item) => plain(item, bytes)) };
  if (value instanceof PySet) return { set: value.items.map((item) => plain(item, bytes)) };
  if (value instanceof PyDict)
    return Object.fromEntries(
      [...value.entries].map(([key, item]) => [typeof key === "string" ? key : "?", plain(item, bytes)]),
    );
  if (value instanceof PyText) return wholeText(source(bytes), value);
  if (value instanceof PyBytes) return { bytes: wholeText(source(bytes), value) };
  if (value instanceof PyArray)
    return value.content instanceof NdArray ? [...readNumbers(value.content)] : "objects";
  return value;
}

function failure(bytes: Uint8Array | string): EuarError {
  try {
    readPickle(source(bytes));
  } catch (error) {
    if (error instanceof EuarError) return error;
    throw error;
  }
  throw new Error("the pickle was accepted");
}

describe("readPickle", () => {
  it.each([0, 1, 2, 3, 4, 5])("reads every kind of value that Python wrote with protocol %d", (protocol) => {
    const bytes = fixture(`containers-p${protocol}.pkl`);
    expect(plain(readPickle(source(bytes)), bytes)).toEqual({
      ordered: { a: 1, b: [2.5, null, true] },
      default: { x: [1] },
      set: { set: [1] },
      frozen: { set: ["y"] },
      tuple: { tuple: [1, { tuple: [2, 3] }, { tuple: [] }] },
      big: 2n ** 70n,
      negative: -(2 ** 40),
      bytes: { bytes: "\x00\xff" },
      array: { bytes: "abc" },
      scalar: 1.5,
      integer: -3,
      flag: true,
      text: "\u20ac \u{1f600}",
      complexText: "back\\slash\nnewline",
      floats: [0.1, Infinity, -1e-300],
      bools: [true, false],
      shared: [
        [1, 2],
        [1, 2],
      ],
    });
  });

  it("keeps shared values shared", () => {
    const shared = asDict(readPickle(source(fixture("containers-p4.pkl"))), "x").entries.get("shared");
    expect(shared instanceof PyList && shared.items[0] === shared.items[1]).toBe(true);
  });

  it("leaves the contents of arrays in the file", () => {
    const length = 1 << 20;
    const head = Uint8Array.of(0x80, 3, 0x42, length & 255, (length >> 8) & 255, (length >> 16) & 255, 0);
    const bytes = new Uint8Array(head.length + length + 1);
    bytes.set(head);
    bytes[bytes.length - 1] = 0x2e;
    let read = 0;
    const inner = memorySource(bytes, "big.pkl");
    const value = readPickle({
      ...inner,
      read: (offset, count) => ((read += count), inner.read(offset, count)),
    });
    expect(value).toBeInstanceOf(PyBytes);
    expect(read).toBeLessThan(length / 8);
  });

  it.each(["text", "bytes"])("reads a large array stored as %s from its place in the file", (storage) => {
    const count = 100_000; // as text more than one piece of the decoder, with characters across its edges
    const values = Float32Array.from({ length: count }, (_, i) => Math.sin(i) * i);
    const raw = new Uint8Array(values.buffer);
    const body = storage === "text" ? new TextEncoder().encode(latin1Text(raw)) : raw;
    const length = String.fromCharCode(
      body.length & 255,
      (body.length >> 8) & 255,
      (body.length >> 16) & 255,
      0,
    );
    const head =
      "cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\n" +
      "K\x00\x85U\x01b\x87R(K\x01J\xa0\x86\x01\x00\x85cnumpy\ndtype\nU\x02f4K\x00K\x01\x87R\x89";
    const before = storage === "text" ? `${head}c_codecs\nencode\nX${length}` : `${head}T${length}`;
    const after = storage === "text" ? "X\x06\x00\x00\x00latin1\x86Rtb." : "tb.";
    const whole = Buffer.concat([Buffer.from(before, "latin1"), body, Buffer.from(after, "latin1")]);
    const value = readPickle(source(whole));
    const array = value instanceof PyArray && value.content instanceof NdArray ? value.content : undefined;
    expect(array?.data.kind).toBe(storage === "text" ? "latin1-text" : "range");
    expect(
      array === undefined
        ? []
        : Buffer.compare(Buffer.from(readFloats(array).buffer), Buffer.from(raw.buffer)),
    ).toBe(0);
  });

  it("reads Python 2 strings as latin-1", () => {
    const root = asDict(readPickle(source(fixture("python2-p2.pkl"))), "x");
    const texts = asDict(root.entries.get("train"), "train").entries.get("raw_text");
    expect(texts instanceof PyList ? wholeText(source(fixture("python2-p2.pkl")), texts.items[2]) : "").toBe(
      "caf\u00e9",
    );
  });
});

describe("readPickle refuses to run anything", () => {
  it.each([
    ["os.system", "cos\nsystem\n(S'touch /tmp/x'\ntR."],
    ["builtins.eval", "c__builtin__\neval\n(S'1+1'\ntR."],
    ["posix.system", "\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x02id\x85R."],
    ["numpy.fromfile", "cnumpy\nfromfile\n(S'/etc/passwd'\ntR."],
    ["numpy.core.multiarray.frombuffer", "cnumpy.core.multiarray\nfrombuffer\n."],
    ["builtins.getattr", "\x80\x02cbuiltins\ngetattr\n."],
    ["collections.Counter", "ccollections\nCounter\n."],
    ["a dotted name", "\x80\x04\x8c\x08builtins\x8c\x0edict.__class__\x93."],
    ["INST", "(S'id'\nios\nsystem\n."],
    ["a persistent reference", "Pwhatever\n."],
    ["an extension code", "\x82\x01."],
    ["calling a value", "(lK\x01\x85R."],
    ["calling a type that is only a name", "c__builtin__\nint\n(tR."],
    ["giving state to a dict", "}}b."],
    [
      "_reconstruct of another class",
      "cnumpy.core.multiarray\n_reconstruct\nc__builtin__\ndict\nK\x00\x85U\x01b\x87R.",
    ],
    ["keyword arguments", "\x80\x04cnumpy\ndtype\n)}\x92."],
  ])("%s", (_what, pickle) => {
    const error = failure(pickle);
    expect(error.code).toBe("data.unsafe");
    expect(error.message).toMatch(/test\.pkl: .*byte \d+/);
  });

  it("names the global and the byte", () => {
    expect(failure("(lp0\n0cos\nsystem\n.").message).toMatch(/"os\.system" .*byte 6/);
  });
});

describe("readPickle survives hostile files", () => {
  const names = [
    "containers-p0.pkl",
    "containers-p2.pkl",
    "containers-p5.pkl",
    "type-fortran-p5.pkl",
    "python2-p2.pkl",
  ];

  it.each(names)("%s cut off at every byte is an error with a place", (name) => {
    const bytes = fixture(name);
    for (let length = 0; length < bytes.length; length++) {
      const error = failure(bytes.subarray(0, length));
      expect(["data.truncated", "data.format"]).toContain(error.code);
      expect(error.message).toMatch(/byte \d+/);
    }
  });

  it.each(names)("%s with any byte changed is read or refused, never worse", (name) => {
    const bytes = fixture(name).slice();
    for (let at = 0; at < bytes.length; at++) {
      const original = bytes[at] ?? 0;
      for (const other of [original ^ 1, original ^ 0x80, 0x28]) {
        bytes[at] = other;
        try {
          readPickle(source(bytes));
        } catch (error) {
          if (!(error instanceof EuarError)) throw error;
        }
      }
      bytes[at] = original;
    }
  });

  it.each([
    [
      "a byte string longer than the file",
      "\x80\x04\x8e\xff\xff\xff\xff\xff\x00\x00\x00abc.",
      "data.truncated",
    ],
    ["a length beyond 2^53", "\x80\x04\x8e\xff\xff\xff\xff\xff\xff\xff\xffabc.", "data.truncated"],
    ["a negative length", "T\xff\xff\xff\xffabc.", "data.format"],
    ["a frame beyond the end", "\x80\x04\x95\xff\xff\xff\x7f\x00\x00\x00\x00.", "data.truncated"],
    ["a huge integer", "\x80\x02\x8b\xff\xff\xff\x7f.", "data.format"],
    ["an integer line without end", `L${"9".repeat(5000)}L\n.`, "data.format"],
    ["an empty stack", ".", "data.format"],
    ["a missing mark", "K\x01t.", "data.format"],
    ["a mark that hides the stack", "K\x01(a.", "data.format"],
    ["an unknown memo index", "j\xff\xff\xff\xff.", "data.format"],
    ["an unknown protocol", "\x80\x06N.", "data.format"],
    ["an unknown operation", "\xf0", "data.format"],
    ["a key without a value", "(K\x01d.", "data.format"],
    [
      "an array shape beyond 2^53",
      "cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\n" +
        "K\x00\x85U\x01b\x87R(K\x01J\xff\xff\xff\x7fJ\xff\xff\xff\x7fJ\xff\xff\xff\x7f\x87cnumpy\ndtype\n" +
        "U\x02f4K\x00K\x01\x87R\x89U\x04abcdtb.",
      "data.format",
    ],
    [
      "an array with a negative size",
      "cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\n" +
        "K\x00\x85U\x01b\x87R(K\x01J\xff\xff\xff\xff\x85cnumpy\ndtype\n" +
        "U\x02f4K\x00K\x01\x87R\x89U\x04abcdtb.",
      "data.format",
    ],
    [
      "an array with too few bytes",
      "cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\n" +
        "K\x00\x85U\x01b\x87R(K\x01K\x09\x85cnumpy\ndtype\nU\x02f4K\x00K\x01\x87R\x89U\x04abcdtb.",
      "data.format",
    ],
    ["an out-of-band buffer", "\x80\x05\x97.", "data.format"],
  ])("%s", (_what, pickle, code) => {
    expect(failure(pickle).code).toBe(code);
  });

  it("limits the stack, the marks and the memo", () => {
    const limits = { ...DEFAULT_LIMITS, stack: 100, memo: 10 };
    const read =
      (pickle: string): (() => PyValue) =>
      () =>
        readPickle(source(pickle), limits);
    expect(read(`${"N".repeat(101)}.`)).toThrow(/more than 100 values are on the stack/);
    expect(read(`${"(".repeat(101)}.`)).toThrow(/more than 100 marks/);
    expect(read(`\x80\x04N${"\x94".repeat(11)}.`)).toThrow(/more than 10 values are remembered/);
  });

  it("is not slowed down by a list that contains itself many times over", () => {
    // Each level holds the one before twice: 2^60 leaves if anyone walked them.
    let pickle = "\x80\x02]q\x00";
    for (let level = 1; level <= 60; level++) {
      const before = String.fromCharCode(level - 1);
      pickle += `](h${before}h${before}eq${String.fromCharCode(level)}`;
    }
    expect(readPickle(source(`${pickle}.`))).toBeInstanceOf(PyList);
  });
});

describe("a file made to exhaust memory", () => {
  const repeat = (text: string, count: number): string => text.repeat(count);
  it.each([
    [
      "copies a remembered list again and again",
      `\x80\x02(${repeat("N", 2000)}lq\x00(${repeat("c__builtin__\nlist\nh\x00\x85R", 1000)}l.`,
    ],
    [
      "copies it into dicts, sets and tuples",
      `\x80\x02(${repeat("N", 2000)}lq\x00(${repeat("c__builtin__\nfrozenset\nh\x00\x85R", 1000)}t.`,
    ],
    [
      "turns a remembered text into bytes again and again",
      `\x80\x02X\x00\x08\x00\x00${repeat("a", 2048)}q\x00X\x06\x00\x00\x00latin1q\x01(` +
        `${repeat("c_codecs\nencode\nh\x00h\x01\x86R", 1000)}l.`,
    ],
  ])("is refused when it %s", (_, bytes) => {
    expect(failure(bytes)).toMatchObject({
      code: "data.unsafe",
      message: expect.stringContaining("copy more") as string,
    });
  });

  it.each([
    ["tuples in tuples", `N${repeat("\x85", 500_000)}`],
    ["lists in lists", `${repeat("]", 1_000_000)}${repeat("a", 999_999)}`],
    ["empty dicts", `(${repeat("}", 500_000)}l`],
    ["empty sets", `(${repeat("\x8f", 500_000)}l`],
  ])("is refused for more containers than its bytes could hold: %s", (_, bytes) => {
    expect(failure(`\x80\x04${bytes}.`)).toMatchObject({
      code: "data.unsafe",
      message: expect.stringContaining("bytes of memory") as string,
    });
  });

  it("is none if its containers are not empty", () => {
    expect(readPickle(source(`\x80\x04](${repeat("](K\x01K\x02e", 500_000)}e.`))).toBeInstanceOf(PyList);
  });
});
