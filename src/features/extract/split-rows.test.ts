import { describe, expect, it } from "vitest";
import { foldSplits, seededSplits, UNGROUPED } from "./split-rows.js";

const clips = Array.from({ length: 20 }, (_, v) =>
  Array.from({ length: 5 }, (_, c) => `v${v}$_$${c}`),
).flat();
const videoOf = (id: string): string => id.split("$_$")[0] ?? "";
const sizes = (splits: ReadonlyMap<string, string>): Record<string, number> => {
  const counts: Record<string, number> = { train: 0, valid: 0, test: 0 };
  for (const split of splits.values()) counts[split] = (counts[split] ?? 0) + 1;
  return counts;
};
/** Groups that are in more than one split. */
const leaking = (splits: ReadonlyMap<string, string>, groupOf: (id: string) => string): number => {
  const homes = new Map<string, Set<string>>();
  for (const [id, split] of splits) homes.set(groupOf(id), (homes.get(groupOf(id)) ?? new Set()).add(split));
  return [...homes.values()].filter((places) => places.size > 1).length;
};

describe("seededSplits", () => {
  it("keeps the clips of a video in one split, by the pattern of the ids", () => {
    const { splits, note } = seededSplits(clips, 1);
    expect(leaking(splits, videoOf)).toBe(0);
    expect(sizes(splits)).toEqual({ train: 80, valid: 10, test: 10 });
    expect(note).toBe(
      "a split of 8 : 1 : 1 was drawn with seed 1, by the pattern of the ids: each of the 20 groups is " +
        "in one split",
    );
  });

  it("keeps rows with the same value of a column together", () => {
    const ids = clips.map((_, i) => String(i));
    const speakers = ids.map((_, i) => `speaker ${i % 7}`);
    const { splits, note } = seededSplits(ids, 3, { groups: speakers, by: "speaker" });
    expect(leaking(splits, (id) => `speaker ${Number(id) % 7}`)).toBe(0);
    expect(Object.values(sizes(splits)).every((size) => size > 0)).toBe(true);
    expect(note).toContain('by "speaker": each of the 7 groups');
  });

  it("draws sample by sample on request, and with a warning if there are too few groups", () => {
    expect(leaking(seededSplits(clips, 1, UNGROUPED).splits, videoOf)).toBeGreaterThan(5);
    const { splits, note } = seededSplits(clips, 1, {
      groups: clips.map((_, i) => String(i % 2)),
      by: "speaker",
    });
    expect(sizes(splits)).toEqual({ train: 80, valid: 10, test: 10 });
    expect(note).toMatch(/^warning: .*fewer than 3 groups by "speaker"/);
  });

  it.each([3, 4, 5])("leaves no split empty with %i groups of very different sizes", (count) => {
    for (let seed = 0; seed < 20; seed++) {
      const ids = Array.from({ length: count }, (_, g) =>
        Array.from({ length: 4 ** g }, (_, i) => `g${g}_${i}`),
      ).flat();
      const found = sizes(
        seededSplits(ids, seed, { groups: ids.map((id) => id.split("_")[0] ?? ""), by: "g" }).splits,
      );
      expect(Math.min(...Object.values(found))).toBeGreaterThan(0);
    }
  });

  it("does not depend on the order of the rows", () => {
    const backwards = seededSplits([...clips].reverse(), 1).splits;
    for (const [id, split] of seededSplits(clips, 1).splits) expect(backwards.get(id)).toBe(split);
  });
});

describe("foldSplits", () => {
  const groups = ["b", "a", "c", "d", "a"];
  const ids = ["1", "2", "3", "4", "5"];

  it("tests on a group, validates on the next in alphabetical order, and trains on the others", () => {
    const of = (test: string): string[] => {
      const { splits } = foldSplits(ids, { groups, by: "speaker" }, test);
      return ids.map((id) => splits.get(id) ?? "");
    };
    expect(of("a")).toEqual(["valid", "test", "train", "train", "test"]);
    expect(of("d")).toEqual(["train", "valid", "train", "test", "valid"]);
  });

  it("refuses a missing group, and too few groups", () => {
    expect(() => foldSplits(ids, { groups, by: "speaker" }, "z")).toThrow(/has no group "z"/);
    expect(() => foldSplits(["1", "2"], { groups: ["a", "b"], by: "speaker" }, "a")).toThrow(/has 2 groups/);
  });
});
