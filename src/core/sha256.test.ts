import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { sha256 } from "./sha256.js";

describe("sha256", () => {
  it("matches the examples of the standard", () => {
    const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
    expect(sha256(encode(""))).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect(sha256(encode("abc"))).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });
  it("agrees with Node's for every length around the block size, and for a long message", () => {
    const bytes = Uint8Array.from({ length: 100_003 }, (_, i) => (i * 31 + (i >> 8) * 7) & 255);
    const lengths = [...Array.from({ length: 200 }, (_, i) => i), bytes.length];
    for (const length of lengths) {
      const part = bytes.subarray(3, 3 + length);
      expect(sha256(part), `${length} bytes`).toBe(createHash("sha256").update(part).digest("hex"));
    }
  });
});
