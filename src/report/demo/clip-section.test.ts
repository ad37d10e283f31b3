import { expect, it } from "vitest";
import { sampleClip } from "../testing/sample-clip.js";
import { markupFault } from "../testing/well-formed.js";
import { clipSection } from "./clip-section.js";
import type { ClipResults } from "./clip-results.js";

const shown = (clip: ClipResults): string =>
  clipSection(clip)
    .map(({ html }) => html)
    .join("");

it("draws the uncertainty relative to the clean clip, and says where the input is doubted", () => {
  const html = shown(sampleClip());
  expect(markupFault(html)).toBeUndefined();
  expect(html).toContain(
    "the audio with hiss, relative to clean: 1.0 at severity 0, 41.0 at severity 0.5 (doubted).",
  );
  expect(html).not.toContain("at severity 1 ");
});

it("has the quality table but no figure without a model", () => {
  const html = shown({ ...sampleClip(), model: { reason: "the audio does not fit", hint: null } });
  expect(html).toContain("audio.noisy 0.50");
  expect(html).toContain("No model scores the clip: the audio does not fit.");
  expect(html).not.toContain("<figure>");
});

it("says what is missing if no input was read", () => {
  const model = { reason: "no input of the clip was read", hint: null };
  const html = shown({ ...sampleClip(), inputs: [], series: [], model });
  expect(html).toContain("To read it: npm install a b");
  expect(html).not.toContain("<table>");
});
