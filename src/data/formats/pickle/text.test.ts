import { describe, expect, it } from "vitest";
import { codeOf } from "../../../core/testing/code-of.js";
import { decodeUtf8 } from "./text.js";

describe("texts of a pickle", () => {
  it("are UTF-8, with the halves of surrogate pairs that Python writes", () => {
    expect(decodeUtf8(new TextEncoder().encode("gr\u00fc\u00dfe"))).toBe("gr\u00fc\u00dfe");
    expect(decodeUtf8(Uint8Array.of(0x61, 0xed, 0xa0, 0x80))).toMatch(/^a\ufffd+$/);
  });

  it.each([[[0xff]], [[0x61, 0xc3]], [[0xc0, 0x80]]])("refuse %j", (bytes) => {
    expect(codeOf(() => decodeUtf8(Uint8Array.from(bytes)))).toBe("data.format");
  });
});
