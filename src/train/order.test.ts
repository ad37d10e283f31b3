import { describe, expect, it } from "vitest";
import { epochOrder, modalityDropout, withPresence } from "./order.js";
import { toyDataset } from "../data/testing/toy-dataset.js";

it("visits every sample once, in another order each epoch and for each seed", () => {
  const order = epochOrder(1, 0, 50);
  expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  expect(epochOrder(1, 0, 50)).toEqual(order);
  expect(epochOrder(1, 1, 50)).not.toEqual(order);
  expect(epochOrder(2, 0, 50)).not.toEqual(order);
});

describe("modality dropout", () => {
  const split = toyDataset({ sizes: { train: 4000, valid: 5, test: 5 } }).splits.train;
  const had = (name: string): Uint8Array => split.modalities[name]?.present ?? new Uint8Array(0);

  it("keeps at least one of the modalities that a sample has, and invents none", () => {
    const kept = modalityDropout(split, 0.9, 1, 0);
    for (let i = 0; i < split.size; i++) {
      const [text, audio] = [kept["text"]?.[i] ?? 0, kept["audio"]?.[i] ?? 0];
      expect(text + audio).toBeGreaterThan(0);
      expect(audio).toBeLessThanOrEqual(had("audio")[i] ?? 0);
    }
  });

  it("drops each modality at about its rate: p alone, and the other half of p^2", () => {
    const kept = modalityDropout(split, 0.4, 1, 0);
    const both = Array.from(had("audio").keys()).filter((i) => had("audio")[i] === 1);
    const share = (name: string): number => both.filter((i) => kept[name]?.[i] === 0).length / both.length;
    const expected = 0.4 - 0.4 * 0.4 * 0.5; // of the pairs that would lose both, half keep this one
    expect(Math.abs(share("text") - expected)).toBeLessThan(0.03);
    expect(Math.abs(share("audio") - expected)).toBeLessThan(0.03);
  });

  it("is keyed by seed, epoch and sample, not by the size of the split", () => {
    const small = toyDataset({ sizes: { train: 10, valid: 5, test: 5 } }).splits.train;
    expect(modalityDropout(small, 0.5, 1, 3)["text"]).toEqual(
      modalityDropout(split, 0.5, 1, 3)["text"]?.subarray(0, 10),
    );
    expect(modalityDropout(split, 0.5, 1, 4)).not.toEqual(modalityDropout(split, 0.5, 1, 3));
    expect(modalityDropout(split, 0.5, 2, 3)).not.toEqual(modalityDropout(split, 0.5, 1, 3));
  });

  it("does not change the split itself", () => {
    const before = had("text").slice();
    const dropped = withPresence(split, modalityDropout(split, 0.5, 1, 0));
    expect(had("text")).toEqual(before);
    expect(dropped.modalities["text"]?.values).toBe(split.modalities["text"]?.values);
    expect(dropped.modalities["text"]?.present).not.toEqual(before);
  });
});
