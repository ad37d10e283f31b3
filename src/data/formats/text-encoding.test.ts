import { describe, expect, it } from "vitest";
import { firstOddLine, looseText, unicodeText, windows1252Text } from "./text-encoding.js";

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

describe("looseText", () => {
  it("reads quotes, dashes and the euro sign of Windows-1252, not control characters", () => {
    expect(looseText(bytesOf("it\x92s \x93fine\x94 \x85 caf\xe9 \x80 5 \x96 \x99"))).toBe(
      "it\u2019s \u201cfine\u201d \u2026 caf\u00e9 \u20ac 5 \u2013 \u2122",
    );
    expect(looseText(new TextEncoder().encode("it\u2019s \u{1f600}"))).toBe("it\u2019s \u{1f600}");
  });

  it("returns no control character above ASCII for any byte", () => {
    const all = windows1252Text(Uint8Array.from({ length: 256 }, (_, i) => i));
    expect(all).toHaveLength(256);
    expect(all.match(/[\u0080-\u009f]/)).toBeNull();
    expect(all.slice(0xa0)).toBe(String.fromCharCode(...Array.from({ length: 96 }, (_, i) => 0xa0 + i)));
  });
});

it("UTF-16 with a byte order mark is Unicode, Latin-1 is not", () => {
  expect(unicodeText(bytesOf("\xff\xfeh\0i\0"))).toBe("hi");
  expect(unicodeText(bytesOf("\xfe\xff\0h\0i"))).toBe("hi");
  expect(unicodeText(bytesOf("\xef\xbb\xbfhi"))).toBe("hi");
  expect(unicodeText(bytesOf("caf\xe9"))).toBeUndefined();
});

it("the first line that is not UTF-8 is found", () => {
  expect(firstOddLine(bytesOf("a\nb\xe9c\nd"))).toBe(2);
  expect(firstOddLine(bytesOf("a\nb\xc3\xa9\n"))).toBeUndefined();
  expect(firstOddLine(bytesOf("a\nb\xe9"))).toBe(2);
});
