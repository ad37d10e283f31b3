import { describe, expect, it } from "vitest";
import type { FeatureOrigin } from "../data/adapter-identity.js";
import { modalityFor, readableModalities } from "./readable-modalities.js";

function origin(adapter: string): FeatureOrigin {
  return { adapter, version: 1, packages: {}, options: {}, width: 2 };
}

describe("readableModalities", () => {
  it("takes the kind of the adapter, or the usual meaning of the name without one", () => {
    const origins = { rgb: origin("image/mobilenet-v2-mid"), face: origin("face/mesh") };
    expect(readableModalities(["rgb", "face", "vision", "eeg"], origins)).toEqual([
      { name: "rgb", kind: "image" },
      { name: "face", kind: "video" },
      { name: "vision", kind: "video" },
    ]);
  });

  it("leaves the error of a missing adapter to the opening", () => {
    expect(readableModalities(["voice"], { voice: origin("audio/of-another-release") })).toEqual([
      { name: "voice", kind: "audio" },
    ]);
  });
});

describe("modalityFor", () => {
  const cameras = readableModalities(["vision", "left", "right"], {
    left: origin("image/onnx"),
    right: origin("image/onnx"),
  });

  it("finds a modality by its own name, its kind and the kind's other names", () => {
    expect(modalityFor("left", cameras)).toBe("left");
    for (const key of ["vision", "video", "visual"]) expect(modalityFor(key, cameras)).toBe("vision");
    expect(modalityFor("audio", cameras)).toBeUndefined();
    expect(modalityFor("toString", cameras)).toBeUndefined();
  });

  it("refuses an ambiguous kind", () => {
    expect(() => modalityFor("image", cameras)).toThrow("image could be any of left, right");
  });
});
