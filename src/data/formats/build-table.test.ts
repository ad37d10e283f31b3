import { describe, expect, it } from "vitest";
import { buildTable } from "./build-table.js";
import type { FeatureColumn } from "./feature-column.js";

/** One feature per step. */
function column(rows: readonly (readonly number[])[], lengths?: readonly number[]): FeatureColumn {
  let at = 0;
  return {
    count: rows.length,
    width: 1,
    steps: rows[0]?.length ?? 0,
    lengths,
    place: "test",
    next(out) {
      out.set(rows[at++] ?? []);
    },
  };
}

const read = (
  rows: readonly (readonly number[])[],
  lengths?: readonly number[],
): ReturnType<typeof buildTable> =>
  buildTable(column(rows, lengths), { steps: rows[0]?.length ?? 0, pool: "none" });

describe("a stated length", () => {
  it("is used if the rows beyond it are noise, which becomes zeros", () => {
    const { table, counts } = read([[1, 2, 0.3, -0.4]], [2]);
    expect([...table.mask]).toEqual([1, 1, 0, 0]);
    expect([...table.values]).toEqual([1, 2, 0, 0]);
    expect(counts).toMatchObject({ filledPadding: 1, lengthMismatches: 0 });
  });

  it("counts from the end if everything before it is zero", () => {
    const { table, counts } = read([[0, 0, 1, 2]], [3]);
    expect([...table.mask]).toEqual([0, 1, 1, 1]);
    expect(counts).toMatchObject({ filledPadding: 0, lengthMismatches: 0 });
  });

  it("keeps steps of zeros that belong to the sequence", () => {
    expect([...read([[1, 0, 0, 0]], [3]).table.mask]).toEqual([1, 1, 1, 0]);
  });

  it.each([5, -1, 1.5, NaN])("of %d of 4 steps is not used, and counted", (length) => {
    const { table, counts } = read([[0, 1, 2, 0]], [length]);
    expect([...table.mask]).toEqual([0, 1, 1, 0]);
    expect(counts).toMatchObject({ filledPadding: 0, lengthMismatches: 1 });
  });

  it("decides the mean, too", () => {
    const pooled = buildTable(column([[1, 3, 100, 100]], [2]), { steps: 4, pool: "mean" });
    expect([...pooled.table.values]).toEqual([2]);
  });
});

describe("values", () => {
  it.each([0, 4, 5, 8])("reads a value that is not finite as 0, at place %d of 9", (place) => {
    for (const bad of [NaN, Infinity, -Infinity]) {
      const row = Array.from({ length: 9 }, (_, i) => (i === place ? bad : i + 1));
      const { table, counts } = read([row], [9]);
      expect([...table.values]).toEqual(row.map((x, i) => (i === place ? 0 : x)));
      expect(counts.replaced).toBe(1);
    }
  });

  it("leaves zeros for a sample that lacks the modality", () => {
    const rows = [
      [1, 2],
      [3, 4],
      [5, 6],
    ];
    const { table } = buildTable(column(rows), { steps: 2, pool: "none", present: [1, 0, 1] });
    expect([...table.values]).toEqual([1, 2, 0, 0, 5, 6]);
    expect([...table.present]).toEqual([1, 0, 1]);
  });
});
