import { describe, expect, it } from "vitest";
import { imageNoiseKey, noisyImage, noisyText, parseMediaNoise, requireNoiseReaches } from "./media-noise.js";

const pixels = { width: 8, height: 8, rgb: new Uint8Array(192).fill(128) };

describe("parseMediaNoise", () => {
  it("takes one preset for each of image and text", () => {
    expect(parseMediaNoise("image=gaussian/clean:5, text=blank/exact:2.5", 3)).toEqual({
      seed: 3,
      image: { preset: "gaussian/clean", epsilon: 5 },
      text: { preset: "blank/exact", epsilon: 2.5 },
    });
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
    expect(() => parseMediaNoise(specification, 1)).toThrow(message);
  });

  it("suggests the preset that was meant", () => {
    expect(() => parseMediaNoise("image=gausian/clean:5", 1)).toThrow(
      expect.objectContaining({ hint: 'Did you mean "gaussian/clean"?' }),
    );
  });
});

describe("noise on media", () => {
  const noise = parseMediaNoise("image=salt-and-pepper/clean:10,text=blank/clean:10", 1);

  it("falls on pixels and words, by seed and sample", () => {
    expect(noisyText("all of it", noise, "a")).toBe("_ _ _");
    const hit = noisyImage(pixels, noise, "a");
    expect(hit.rgb).not.toEqual(pixels.rgb);
    expect(noisyImage(pixels, noise, "a")).toEqual(hit);
    expect(noisyImage(pixels, noise, "b").rgb).not.toEqual(hit.rgb);
    expect(noisyImage(pixels, { ...noise, seed: 2 }, "a").rgb).not.toEqual(hit.rgb);
  });

  it("leaves what it does not name", () => {
    const image = parseMediaNoise("image=gaussian/clean:5", 1);
    expect(noisyText("all of it", image, "a")).toBe("all of it");
    expect(noisyText("all of it", undefined, "a")).toBe("all of it");
    expect(noisyImage(pixels, { seed: 1 }, "a")).toBe(pixels);
  });

  it("has a key that tells noises apart, and none where nothing happens", () => {
    expect(imageNoiseKey(undefined, "a")).toBe("");
    expect(imageNoiseKey(parseMediaNoise("image=gaussian/clean:0", 1), "a")).toBe("");
    const keys = [
      imageNoiseKey(noise, "a"),
      imageNoiseKey(noise, "b"),
      imageNoiseKey({ ...noise, seed: 2 }, "a"),
      imageNoiseKey(parseMediaNoise("image=salt-and-pepper/clean:9", 1), "a"),
    ];
    expect(new Set(keys).size).toBe(4);
  });

  it("must fall on what is extracted", () => {
    expect(() => {
      requireNoiseReaches({ specification: "", splits: ["test"], noise }, ["image"]);
    }).toThrow("text is not extracted");
  });
});
