import { expect, test } from "vitest";
import { type Hidden, hideModalities } from "./hidden-modalities.js";

const everything = (batch: number): Uint8Array[] => [0, 1, 2].map(() => new Uint8Array(batch).fill(1));
const draws = (
  sampleIndex: readonly number[],
  training = true,
  step = 3,
): { training: boolean; seed: number; step: number; sampleIndex: readonly number[] } => ({
  training,
  seed: 1,
  step,
  sampleIndex,
});
const row = ({ seen }: Hidden, b: number): string => seen.map((flags) => flags[b] ?? 9).join("");

test("each nonempty proper subset of the modalities stays equally often, at the given rate", () => {
  const samples = Array.from({ length: 6000 }, (_, i) => i);
  const drawn = hideModalities(everything(6000), 0.5, "test", draws(samples));
  const counts = new Map<string, number>();
  for (const sample of samples) counts.set(row(drawn, sample), (counts.get(row(drawn, sample)) ?? 0) + 1);
  expect([...counts.keys()].sort()).toEqual(["001", "010", "011", "100", "101", "110", "111"]);
  for (const [kept, count] of counts)
    // four standard deviations
    expect(Math.abs(count - (kept === "111" ? 3000 : 500)), kept).toBeLessThan(kept === "111" ? 160 : 90);
});

test("a sample's draw depends on neither its batch nor its place in it, but on the step", () => {
  const whole = hideModalities(everything(40), 1, "test", draws(Array.from({ length: 40 }, (_, i) => i)));
  for (const sample of [0, 7, 39])
    expect(row(hideModalities(everything(2), 1, "test", draws([100, sample])), 1)).toBe(row(whole, sample));
  const next = hideModalities(
    everything(40),
    1,
    "test",
    draws(
      Array.from({ length: 40 }, (_, i) => i),
      true,
      4,
    ),
  );
  expect(Array.from({ length: 40 }, (_, b) => row(next, b))).not.toEqual(
    Array.from({ length: 40 }, (_, b) => row(whole, b)),
  );
});

test("hides only present modalities, seen and hidden are all of them, and one always stays", () => {
  const present = [
    Uint8Array.from([1, 1, 0, 0]),
    Uint8Array.from([1, 0, 1, 0]),
    Uint8Array.from([1, 1, 0, 0]),
  ];
  const { seen, hidden } = hideModalities(present, 1, "test", draws([0, 1, 2, 3]));
  present.forEach((flags, m) => {
    expect(Array.from(flags, (_, b) => (seen[m]?.[b] ?? 0) + (hidden[m]?.[b] ?? 0))).toEqual(
      Array.from(flags),
    );
  });
  expect(hidden[1]?.[2]).toBe(0);
  for (const b of [0, 1]) {
    expect(seen.some((flags) => flags[b] === 1)).toBe(true);
    expect(hidden.some((flags) => flags[b] === 1)).toBe(true);
  }
});

test("at evaluation, or at rate 0, nothing is hidden", () => {
  for (const drawn of [
    hideModalities(everything(5), 1, "test", draws([0, 1, 2, 3, 4], false)),
    hideModalities(everything(5), 0, "test", draws([0, 1, 2, 3, 4])),
  ]) {
    expect(drawn.seen).toEqual(everything(5));
    expect(drawn.hidden.every((flags) => flags.every((flag) => flag === 0))).toBe(true);
  }
});
