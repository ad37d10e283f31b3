import { describe, expect, it } from "vitest";
import type { Dataset, Split, SplitName } from "./dataset.js";
import { groupsOfIds } from "./groups.js";
import { checkLeaks } from "./leak-check.js";

/** One modality of two features, one step. */
function split(name: SplitName, rows: Readonly<Record<string, readonly [number, number]>>): Split {
  const ids = Object.keys(rows);
  const size = ids.length;
  return {
    name,
    size,
    ids,
    labels: new Float32Array(size),
    modalities: {
      audio: {
        width: 2,
        steps: 1,
        values: Float32Array.from(Object.values(rows).flat()),
        mask: new Uint8Array(size).fill(1),
        present: new Uint8Array(size).fill(1),
      },
    },
  };
}

function dataset(...[train, valid, test]: readonly Parameters<typeof split>[1][]): Dataset {
  return {
    name: "test",
    task: { kind: "regression", targets: ["y"] },
    modalities: [{ name: "audio", width: 2, steps: 1 }],
    splits: {
      train: split("train", train ?? {}),
      valid: split("valid", valid ?? {}),
      test: split("test", test ?? {}),
    },
    notes: [],
  };
}

describe("checkLeaks", () => {
  it("finds an id, a group and features in two splits, duplicates and constants", () => {
    const found = checkLeaks(
      dataset(
        { v1$_$1: [1, 5], v1$_$2: [2, 5], v2$_$1: [2, 5] },
        { v3$_$1: [3, 6], v4$_$1: [1, 5] },
        { v1$_$3: [4, 7], v3$_$1: [8, 9] },
      ),
    );
    expect(found).toEqual({
      sharedIds: 1,
      groups: { count: 4, shared: 2, example: "v1" },
      modalities: [{ name: "audio", sharedRows: 1, duplicates: 1, constantFeatures: 1 }],
    });
  });

  it("finds nothing in an empty input", () => {
    expect(checkLeaks(dataset({ a: [1, 2], b: [2, 3] }, { c: [3, 4] }, { d: [4, 5] }))).toEqual({
      sharedIds: 0,
      modalities: [{ name: "audio", sharedRows: 0, duplicates: 0, constantFeatures: 0 }],
    });
  });
});

describe("groupsOfIds", () => {
  it.each([
    [
      ["a$_$1", "a$_$2", "b$_$1", "c$_$9"],
      ["a", "a", "b", "c"],
    ],
    [
      ["a[0]", "a[1]", "b[0]", "c[0]"],
      ["a", "a", "b", "c"],
    ],
    [
      ["a_1", "a_2", "b-c_3", "d_4"],
      ["a", "a", "b-c", "d"],
    ],
    [["row_1", "row_2", "row_3", "row_4"], undefined], // one group for all is none
    [["a_1", "b_1", "c_1"], undefined], // nothing to group
    [["1", "2", "3"], undefined],
    [["a_1", "a_2", "b_1", "c"], undefined],
  ])("%j", (ids, groups) => {
    expect(groupsOfIds(ids)).toEqual(groups);
  });
});
