import type { Dataset, ModalityTable, Split, SplitName } from "./dataset.js";
import { groupsOfIds } from "./groups.js";

/** Counts of samples that several splits share, of duplicates and of constant features. Plain data. */
export interface LeakCheck {
  /** Number of ids that are in more than one split. */
  readonly sharedIds: number;
  /**
   * Number of groups by the pattern of the ids, number of groups in more than one split, and an example.
   * Absent if the ids have no pattern.
   */
  readonly groups?: { readonly count: number; readonly shared: number; readonly example: string };
  readonly modalities: readonly ModalityLeaks[];
}

export interface ModalityLeaks {
  readonly name: string;
  /** Number of samples of valid and test with the same features as a sample of another split. */
  readonly sharedRows: number;
  /** Number of samples with the same features as an earlier sample of their split. */
  readonly duplicates: number;
  /** Number of features with the same value in all real steps of train. */
  readonly constantFeatures: number;
}

/** Finds ids, groups and features that occur in two splits, duplicates, and constant features. */
export function checkLeaks({ splits, modalities }: Dataset): LeakCheck {
  const all = [splits.train, splits.valid, splits.test];
  const homes = new Map<string, Set<SplitName>>();
  for (const { name, ids } of all) for (const id of ids) placesOf(homes, id).add(name);
  const groups = groupLeaks(all);
  return {
    sharedIds: sharedOf(homes).length,
    ...(groups && { groups }),
    modalities: modalities.map(({ name }) => ({
      name,
      ...sameRows(all, name),
      constantFeatures: constantFeatures(splits.train.modalities[name]),
    })),
  };
}

function groupLeaks(all: readonly Split[]): LeakCheck["groups"] {
  const owners = all.flatMap(({ name, ids }) => ids.map((id) => ({ name, id })));
  const groups = groupsOfIds(owners.map(({ id }) => id));
  if (groups === undefined) return undefined;
  const homes = new Map<string, Set<SplitName>>();
  groups.forEach((group, i) => {
    const name = owners[i]?.name;
    if (name !== undefined) placesOf(homes, group).add(name);
  });
  const shared = sharedOf(homes);
  return { count: homes.size, shared: shared.length, example: shared[0] ?? "" };
}

function placesOf(homes: Map<string, Set<SplitName>>, key: string): Set<SplitName> {
  const known = homes.get(key) ?? new Set<SplitName>();
  homes.set(key, known);
  return known;
}

function sharedOf(homes: ReadonlyMap<string, ReadonlySet<SplitName>>): string[] {
  return [...homes].filter(([, places]) => places.size > 1).map(([key]) => key);
}

function sameRows(all: readonly Split[], modality: string): Pick<ModalityLeaks, "sharedRows" | "duplicates"> {
  const first = new Map<string, { table: ModalityTable; sample: number; split: SplitName }[]>();
  let [sharedRows, duplicates] = [0, 0];
  for (const { name: split, size, modalities } of all) {
    const table = modalities[modality];
    for (let sample = 0; table !== undefined && sample < size; sample++) {
      if (table.present[sample] === 0) continue;
      const key = hashRow(rowOf(table, sample));
      const known = first.get(key) ?? [];
      const twins = known.filter((other) => isSame(rowOf(table, sample), rowOf(other.table, other.sample)));
      if (twins.some((twin) => twin.split !== split)) sharedRows += 1;
      if (twins.some((twin) => twin.split === split)) duplicates += 1;
      else first.set(key, [...known, { table, sample, split }]);
    }
  }
  return { sharedRows, duplicates };
}

/** Returns the bits of a sample's values, [T * D], padding included. */
function rowOf({ values, steps, width }: ModalityTable, sample: number): Int32Array {
  const size = steps * width;
  return new Int32Array(values.buffer, values.byteOffset + 4 * sample * size, size);
}

/** Returns two 32-bit hashes with different multipliers. Rows with equal hashes are compared afterwards. */
function hashRow(row: Int32Array): string {
  let [a, b] = [0x811c9dc5, 0x9e3779b9];
  for (const bits of row) {
    a = Math.imul(a ^ bits, 0x01000193);
    b = Math.imul((b << 5) | (b >>> 27), 0x85ebca6b) ^ bits;
  }
  return `${a}/${b}`;
}

function isSame(a: Int32Array, b: Int32Array): boolean {
  return a.length === b.length && a.every((bits, i) => bits === b[i]);
}

function constantFeatures(table: ModalityTable | undefined): number {
  if (table === undefined) return 0;
  const { values, mask, width } = table;
  const first = new Float32Array(width);
  const varies = new Uint8Array(width);
  let seen = 0;
  for (let t = 0; t < mask.length; t++) {
    if (mask[t] !== 1) continue;
    seen += 1;
    if (seen === 1) first.set(values.subarray(t * width, (t + 1) * width));
    else for (let d = 0; d < width; d++) if (values[t * width + d] !== first[d]) varies[d] = 1;
  }
  return seen < 2 ? 0 : varies.reduce((sum, one) => sum + (one === 0 ? 1 : 0), 0);
}
