import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { AdapterIdentity } from "../data/adapter-identity.js";
import { FeatureCache, featureKey } from "./feature-cache.js";
import type { ExtractedFeatures } from "./feature-extractor.js";

const folder = mkdtempSync(join(tmpdir(), "euar-cache-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const identity: AdapterIdentity = {
  adapter: "text/x",
  version: 1,
  packages: { a: "1", b: "2" },
  options: { size: 3, lower: true },
  width: 2,
};
const features: ExtractedFeatures = {
  steps: 3,
  width: 2,
  sequence: Float32Array.of(0.1, -2, 3, 0, 0, 6),
  times: Float64Array.of(0, 0.1, 0.1, 0.2, 0.2, 0.3),
  mask: Uint8Array.of(1, 0, 1),
  quality: {
    score: 0.5,
    measures: { letters: 4 },
    problems: [{ code: "text.short", severity: 0.5, message: "it is short \u00e9" }],
  },
};

describe("featureKey", () => {
  it("depends on content, decoding and everything in the identity, and not on the order of keys", () => {
    const key = featureKey("c", identity);
    expect(
      featureKey("c", { ...identity, packages: { b: "2", a: "1" }, options: { lower: true, size: 3 } }),
    ).toBe(key);
    const others = [
      featureKey("d", identity),
      featureKey("c", identity, "fps 5"),
      featureKey("c", { ...identity, version: 2 }),
      featureKey("c", { ...identity, packages: { a: "1", b: "3" } }),
      featureKey("c", { ...identity, options: { size: 3, lower: false } }),
    ];
    expect(new Set([key, ...others]).size).toBe(6);
  });
});

describe("FeatureCache", () => {
  it("returns the written values, bit for bit", async () => {
    const cache = new FeatureCache(folder);
    const key = featureKey("whole", identity);
    expect(cache.read(key)).toBeUndefined();
    await cache.write(key, features);
    expect(cache.read(key)).toEqual(features);
  });

  it("treats an entry of another version as absent", async () => {
    const cache = new FeatureCache(join(folder, "versions"));
    const key = featureKey("old", identity);
    await cache.write(key, features);
    const path = join(cache.folder, key.slice(0, 2), `${key}.features`);
    const body = readFileSync(path).subarray(0, -32);
    body.write("euar-features/1\n", "latin1");
    writeFileSync(path, Buffer.concat([body, createHash("sha256").update(body).digest()]));
    expect(cache.read(key)).toBeUndefined();
  });

  it("treats an entry as absent if it was cut off or changed anywhere", async () => {
    const cache = new FeatureCache(folder);
    const key = featureKey("damaged", identity);
    await cache.write(key, features);
    const path = join(
      folder,
      key.slice(0, 2),
      readdirSync(join(folder, key.slice(0, 2))).find((name) => name.startsWith(key)) ?? "",
    );
    const bytes = readFileSync(path);
    for (let at = 0; at < bytes.length; at += 3) {
      writeFileSync(path, bytes.subarray(0, at));
      expect(cache.read(key)).toBeUndefined();
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      writeFileSync(path, changed);
      expect(cache.read(key)).toBeUndefined();
    }
  });

  it("reports the problem when it cannot write", async () => {
    writeFileSync(join(folder, "file"), "");
    await expect(
      new FeatureCache(join(folder, "file")).write(featureKey("c", identity), features),
    ).rejects.toMatchObject({ code: "io.write" });
  });
});
