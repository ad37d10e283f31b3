import { describe, expect, it } from "vitest";
import { TrueEnvelope } from "./true-envelope.js";

const SIZE = 1024;
const BINS = SIZE / 2 + 1;
const envelopeOf = (levels: Float64Array, order: number): Float64Array => {
  const out = new Float64Array(BINS);
  new TrueEnvelope(SIZE).of(levels, order, out);
  return out.map(Math.log);
};
const tilt = (i: number): number => -3 - 2 * (i / BINS) + Math.cos((3 * Math.PI * i) / BINS);

describe("TrueEnvelope", () => {
  it("is the spectrum itself if that is smooth", () => {
    const levels = Float64Array.from({ length: BINS }, (_, i) => tilt(i));
    envelopeOf(levels, 40).forEach((level, i) => {
      expect(Math.abs(level - (levels[i] ?? 0))).toBeLessThan(0.24);
    });
  });

  it("passes through the peaks of harmonics and not through the valleys", () => {
    const spacing = 12;
    const levels = Float64Array.from(
      { length: BINS },
      (_, i) => tilt(i) - 2 + 2 * Math.cos((2 * Math.PI * i) / spacing),
    );
    const envelope = envelopeOf(levels, BINS / spacing);
    for (let i = 3 * spacing; i < BINS - 3 * spacing; i++) {
      expect(Math.abs((envelope[i] ?? 0) - tilt(i))).toBeLessThan(0.35);
    }
  });

  it("lies at most 2 dB below any peak away from the edges", () => {
    const levels = Float64Array.from(
      { length: BINS },
      (_, i) => -5 + 3 * Math.sin(i * 12.9898) * Math.sin(i * 0.31),
    );
    const envelope = envelopeOf(levels, 60);
    for (let i = 20; i < BINS - 20; i++) expect((levels[i] ?? 0) - (envelope[i] ?? 0)).toBeLessThan(0.2303);
  });
});
