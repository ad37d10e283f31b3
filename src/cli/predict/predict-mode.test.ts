import { describe, expect, it } from "vitest";
import { predictMode } from "./predict-mode.js";

const clip = { clip: "a.mp4", text: "not again", interval: 1 };
const features = { features: "clip.json", interval: 1 };

describe("predictMode", () => {
  it("refuses to compare text and sound where they are no media, or may be left out", () => {
    expect(predictMode({ ...clip, checkTranscript: true })).toMatchObject({ kind: "one" });
    for (const sources of [features, { ...clip, available: ["text"] }]) {
      expect(() => predictMode(sources)).not.toThrow();
      expect(() => predictMode({ ...sources, checkTranscript: true })).toThrow(/--check-transcript/);
    }
  });
});
