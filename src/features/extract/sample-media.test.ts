import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodingOf, hashFile } from "./sample-media.js";

describe("hashFile", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "euar-hash-"));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const refuse = (): Promise<void> => Promise.reject(new Error("too long"));

  it("checks a large file before it reads it, and not a small one", async () => {
    const path = join(folder, "clip.mp4");
    writeFileSync(path, "abc");
    expect(await hashFile(path, refuse)).toBe(createHash("sha256").update("abc").digest("hex"));
    truncateSync(path, 65 * 1024 * 1024); // without blocks on the disk
    await expect(hashFile(path, refuse)).rejects.toThrow("too long");
  });

  it("does not wait for a pipe or device", async () => {
    await expect(hashFile(folder)).rejects.toMatchObject({ code: "media.unsupported" });
    await expect(hashFile(join(folder, "absent.mp4"))).rejects.toMatchObject({ code: "media.not-found" });
  });
});

it("only the frame rate of video is part of how a medium without noise is decoded", () => {
  const sample = { id: "a", split: "test", label: "", texts: {}, files: {}, transcript: undefined } as const;
  const preparation = { align: "none", steps: null, pool: "none", fps: null } as const;
  const recipe = { modality: "m", choice: { adapter: "x/y", options: {} }, fps: 5, preparation };
  const kinds = ["text", "audio", "video", "image"] as const;
  expect(kinds.map((kind) => decodingOf({ ...recipe, kind }, sample))).toEqual(["", "", "fps 5", ""]);
});
