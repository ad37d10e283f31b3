import { describe, expect, it } from "vitest";
import { withNoise } from "../modality-pipeline.js";
import { type ReadableModality, usualModalities } from "../readable-modalities.js";
import { type MediaNoise, noiseKey, noiseOn, parseMediaNoise, requireNoiseReaches } from "./media-noise.js";

const pixels = { width: 8, height: 8, rgb: new Uint8Array(192).fill(128) };
const usual = usualModalities("text", "audio", "video", "image");

function parse(specification: string, modalities: readonly ReadableModality[] = usual): MediaNoise {
  return parseMediaNoise(specification, 1, modalities);
}

describe("parseMediaNoise", () => {
  it("takes one preset for each of image and text", () => {
    expect(parseMediaNoise("image=gaussian/clean:5, text=blank/exact:2.5", 3, usual)).toEqual({
      seed: 3,
      on: {
        image: { preset: "gaussian/clean", epsilon: 5 },
        text: { preset: "blank/exact", epsilon: 2.5 },
      },
    });
  });

  it("accepts modalities with user-defined names", () => {
    const cameras = ["left", "right"].map((name) => ({ name, kind: "image" as const }));
    expect(parse("left=gaussian/clean:5", cameras).on).toEqual({
      left: { preset: "gaussian/clean", epsilon: 5 },
    });
    expect(() => parse("image=gaussian/clean:5", cameras)).toThrow("is not noise on left or right");
  });

  it.each([
    ["", "is not noise on text or image"],
    ["image=gaussian/clean", "is not noise"],
    ["audio=gaussian/clean:5", "is not noise on text or image"],
    ["image=gausian/clean:5", 'no noise "gausian/clean" on image'],
    ["text=gaussian/clean:5", 'no noise "gaussian/clean" on text'],
    ["image=toString:5", 'no noise "toString"'],
    ["image=gaussian/clean:11", "epsilon must be"],
    ["image=gaussian/clean:-1", "epsilon must be"],
    ["image=gaussian/clean:x", "epsilon must be"],
    ["text=blank/clean:1,text=blank/clean:2", "named twice"],
  ])("refuses %j", (specification, message) => {
    expect(() => parse(specification)).toThrow(message);
  });

  it("suggests the preset that was meant", () => {
    expect(() => parse("image=gausian/clean:5")).toThrow(
      expect.objectContaining({ hint: 'Did you mean "gaussian/clean"?' }),
    );
  });
});

describe("noise on media", () => {
  const noise = parse("image=salt-and-pepper/clean:10,text=blank/clean:10");
  const hit = (of: MediaNoise, id: string, modality = "image"): Uint8Array => {
    const step = noiseOn(modality, of, id);
    return step === undefined ? pixels.rgb : withNoise("image", pixels, step).rgb;
  };

  it("falls on pixels and words, by seed and sample", () => {
    const words = noiseOn("text", noise, "a");
    expect(words && withNoise("text", { text: "all of it" }, words)).toEqual({ text: "_ _ _" });
    expect(hit(noise, "a")).not.toEqual(pixels.rgb);
    expect(hit(noise, "a")).toEqual(hit(noise, "a"));
    expect(hit(noise, "b")).not.toEqual(hit(noise, "a"));
    expect(hit({ ...noise, seed: 2 }, "a")).not.toEqual(hit(noise, "a"));
  });

  it("differs between two cameras, even if all images of a size get the same noise", () => {
    const cameras = ["left", "right"].map((name) => ({ name, kind: "image" as const }));
    for (const preset of ["gaussian/clean", "gaussian/exact"]) {
      const both = parse(`left=${preset}:5,right=${preset}:5`, cameras);
      const found = ["0", "1", "2", "3", "4", "5", "6", "7"].map((id) => [
        hit(both, id, "left"),
        hit(both, id, "right"),
      ]);
      const differ = found.filter(([left, right]) => left !== pixels.rgb && right !== pixels.rgb);
      expect(differ.length).toBeGreaterThan(0);
      for (const [left, right] of differ) expect(left).not.toEqual(right);
    }
  });

  it("does not change parts that it does not name", () => {
    expect(noiseOn("text", parse("image=gaussian/clean:5"), "a")).toBeUndefined();
    expect(noiseOn("text", undefined, "a")).toBeUndefined();
    expect(noiseOn("toString", noise, "a")).toBeUndefined();
  });

  it("has a key that distinguishes noises, and none without noise", () => {
    const keyOf = (of: MediaNoise, id: string): string => noiseKey(noiseOn("image", of, id));
    expect(noiseKey(undefined)).toBe("");
    expect(keyOf(parse("image=gaussian/clean:0"), "a")).toBe("");
    const keys = [
      keyOf(noise, "a"),
      keyOf(noise, "b"),
      keyOf({ ...noise, seed: 2 }, "a"),
      keyOf(parse("image=salt-and-pepper/clean:9"), "a"),
    ];
    expect(new Set(keys).size).toBe(4);
    expect(keyOf(noise, "a")).toBe("noise salt-and-pepper/clean:10 seed 1 sample a"); // as caches have it
  });

  it("must apply to an extracted modality", () => {
    expect(() => {
      requireNoiseReaches({ specification: "", splits: ["test"], noise }, ["image"]);
    }).toThrow("text is not extracted");
  });
});
