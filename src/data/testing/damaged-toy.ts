import { normalAt, randomKey, uniformAt } from "../../core/random.js";
import type {
  CorruptionTruth,
  DamagedCopies,
  Dataset,
  ModalityTable,
  QualityTable,
  Split,
} from "../dataset.js";
import { toyDataset } from "./toy-dataset.js";

/** Copies of each training sample in {@link damagedToy}. */
const COPIES = 2;

/**
 * The toy data set with damaged copies: every second copy leaves the text alone, all others drown in noise by
 * their severity. The quality "score" is 1 for a clean medium and falls with the severity; "level" is noise.
 */
export function damagedToy(): Dataset {
  const plain = toyDataset({ sizes: { train: 48, valid: 20, test: 20 } });
  const { train, valid, test } = plain.splits;
  const rows = Int32Array.from({ length: train.size * COPIES }, (_, copy) => copy % train.size);
  const names = Object.keys(train.modalities);
  const damage = Object.fromEntries(names.map((name) => [name, damageOf(name, rows)]));
  const modalities = Object.fromEntries(
    Object.entries(train.modalities).map(([name, table]) => [name, damaged(name, table, rows, damage[name])]),
  );
  const clean = (split: Split): Split => ({
    ...split,
    quality: Object.fromEntries(names.map((name) => [name, qualityOf(name, split.size)])),
  });
  const quality = Object.fromEntries(
    names.map((name) => [name, qualityOf(name, rows.length, damage[name]?.severity)]),
  );
  const copies: DamagedCopies = { size: rows.length, rows, modalities, damage, quality };
  return {
    ...plain,
    modalities: plain.modalities.map((info) => ({ ...info, quality: ["score", "level"] })),
    splits: { train: clean(train), valid: clean(valid), test: clean(test) },
    copies,
  };
}

function damageOf(name: string, rows: Int32Array): CorruptionTruth {
  const key = randomKey(3, `damaged-toy/${name}`);
  const severity = Float32Array.from(rows, (_, copy) =>
    name === "text" && copy % 2 === 0 ? 0 : Math.fround(0.1 + 0.9 * uniformAt(key, copy)),
  );
  return { severity, kind: Array.from(severity, (value) => (value === 0 ? "clean" : "noise")) };
}

function damaged(
  name: string,
  { width, steps, values, present }: ModalityTable,
  rows: Int32Array,
  damage: CorruptionTruth | undefined,
): ModalityTable {
  const key = randomKey(4, `damaged-toy/${name}`);
  const out = new Float32Array(rows.length * width);
  rows.forEach((row, copy) => {
    const level = 4 * (damage?.severity[copy] ?? 0);
    for (let d = 0; d < width; d++) {
      const at = copy * width + d;
      out[at] = (values[row * width + d] ?? 0) + level * normalAt(key, at);
    }
  });
  return {
    width,
    steps,
    values: out,
    mask: new Uint8Array(rows.length).fill(1),
    present: Uint8Array.from(rows, (row) => present[row] ?? 0),
  };
}

function qualityOf(name: string, size: number, severity?: Float32Array): QualityTable {
  const key = randomKey(5, `damaged-toy/${name}/quality/${size}`);
  const values = Float32Array.from({ length: 2 * size }, (_, i) =>
    i % 2 === 0 ? 1 - (severity?.[i / 2] ?? 0) : 10 * normalAt(key, i),
  );
  return { names: ["score", "level"], values };
}
