import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defined } from "../../core/defined.js";
import { normalAt, randomKey } from "../../core/random.js";
import type { Dataset, ModalityTable, Split } from "../../data/dataset.js";
import { writeFolder } from "../../data/formats/write-folder.js";
import { damagedToy } from "../../data/testing/damaged-toy.js";
import { DataSets } from "../data-sets.js";
import { localExecutor } from "../executor.js";
import type { ExperimentResult, Experiments } from "../experiment-result.js";
import { parseRecipe } from "../recipe.js";
import { readFolds } from "./damage-data.js";
import { reproduceDamage } from "./reproduce-damage.js";

const root = mkdtempSync(join(tmpdir(), "euar-damage-"));
const folds = join(root, "folds");
const never = new AbortController().signal;
const MEASURED = "measured quality (1 - score), untrained";
const SEVERITIES = [0.5, 1];

/** The toy's test split, once per severity, with noise on the text in the first half of the samples. */
function damagedTest({ test }: Dataset["splits"]): Split {
  const half = test.size / 2;
  const isDamaged = (name: string, n: number): boolean => (name === "text") === n < half;
  const tile = <Value>(list: ArrayLike<Value>): Value[] => SEVERITIES.flatMap(() => Array.from(list));
  const tables = Object.entries(test.modalities).map(([name, table]): [string, ModalityTable] => {
    const row = table.width * table.steps;
    const key = randomKey(1, `noise/${name}`);
    const values = SEVERITIES.flatMap((severity) =>
      Array.from(table.values, (value, i) =>
        isDamaged(name, Math.floor(i / row)) ? value + 5 * severity * normalAt(key, i) : value,
      ),
    );
    return [
      name,
      {
        ...table,
        values: Float32Array.from(values),
        mask: Uint8Array.from(tile(table.mask)),
        present: Uint8Array.from(tile(table.present)),
      },
    ];
  });
  const truth = Object.keys(test.modalities).map((name) => {
    const severity = SEVERITIES.flatMap((one) =>
      Array.from({ length: test.size }, (_, n) => (isDamaged(name, n) ? one : 0)),
    );
    return [
      name,
      { severity: Float32Array.from(severity), kind: severity.map((one) => (one > 0 ? "noise" : "clean")) },
    ] as const;
  });
  const quality = truth.map(([name, { severity }]) => {
    const values = Array.from(severity, (one) => [1 - one, 0]).flat();
    return [name, { names: ["score", "level"], values: Float32Array.from(values) }] as const;
  });
  return {
    name: "test",
    size: test.size * SEVERITIES.length,
    ids: SEVERITIES.flatMap((severity) => test.ids.map((id) => `${id}#met-${severity}`)),
    labels: Float32Array.from(tile(test.labels)),
    modalities: Object.fromEntries(tables),
    corruption: Object.fromEntries(truth),
    quality: Object.fromEntries(quality),
  };
}

async function writeFold(name: string): Promise<void> {
  const [place, inner] = [join(folds, name), join(folds, name, "inner")];
  mkdirSync(inner, { recursive: true });
  const dataset = damagedToy();
  const damaged = { ...dataset, splits: { ...dataset.splits, test: damagedTest(dataset.splits) } };
  await writeFolder(inner, damaged, never);
  const text = readFileSync(join(inner, "dataset.json"), "utf8");
  writeFileSync(join(place, "damaged.json"), text.replace(/"((?:train|valid|test|copies)\/)/g, '"inner/$1'));
  await writeFolder(place, dataset, never);
}

const recipe = parseRecipe(
  { train: { epochs: 3, batchSize: 16 }, models: { euar: { config: { hidden: 8 } } } },
  "recipe",
);
const run = (source: string, seeds = [1, 2]): Promise<Experiments> =>
  reproduceDamage(
    { source, seeds, recipe, models: ["euar", "linear", "concat"], store: join(root, "jobs") },
    {
      signal: never,
      onProgress: () => undefined,
      openExecutors: (data) => Promise.resolve([localExecutor(data)]),
    },
  );
const table = (results: Experiments, name: string): ExperimentResult =>
  defined(results.experiments.find((one) => one.name === name));
/** A value that a table must have. */
function known<Value>(value: Value | null | undefined): Value {
  if (value === null || value === undefined) throw new Error("the table lacks a value");
  return value;
}
const cell = (
  { columns, rows }: Pick<ExperimentResult, "columns" | "rows">,
  row: string,
  column: string,
): number => {
  const c = columns.findIndex(({ label }) => label === column);
  return known(rows.find(({ label }) => label === row)?.cells[c]?.mean);
};

beforeAll(async () => {
  await writeFold("a");
  await writeFold("b");
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

describe("the experiment on damaged media", () => {
  it("finds the copies of each test sample at each severity", async () => {
    const found = await readFolds(folds, new DataSets());
    expect(found.map(({ name }) => name)).toEqual(["a", "b"]);
    const [series] = defined(found[0]).series;
    expect(series?.name).toBe("met");
    expect(series?.levels.map(({ severity, rows }) => [severity, rows[0], rows.length])).toEqual([
      [0.5, 0, 20],
      [1, 20, 20],
    ]);
  });

  it("makes tables of areas, folds, headroom and correlations", async () => {
    const results = await run(folds);
    expect(results.failures).toEqual([]);
    expect(results.experiments.map(({ name }) => name)).toEqual([
      "damage",
      "damage-severity-met",
      "damage-folds",
      "damage-headroom",
      "damage-uncertainty",
    ]);
    const [main, over] = [table(results, "damage"), table(results, "damage-severity-met")];
    for (const { label } of main.rows) {
      const [at0, at5, at1] = ["0", "0.5", "1"].map((column) => cell(over, label, column));
      expect(cell(main, label, "clean")).toBe(at0);
      const area = (defined(at0) + 2 * defined(at5) + defined(at1)) / 4;
      expect(cell(main, label, "area, kinds met in training")).toBeCloseTo(area, 10);
      const damaged = (defined(at5) + defined(at1)) / 2;
      expect(cell(main, label, "damaged, kinds met in training")).toBeCloseTo(damaged, 10);
    }
    // compared: 8 EUAR variants, linear and concat, both also with quality, and concat with statistics
    const compared = main.rows.slice(1).map(({ cells }) => known(cells[1]?.comparison));
    expect(compared).toHaveLength(14);
    expect(main.level).toBeCloseTo(1 - 0.05 / 14, 12);
    for (const { low, difference, high, p, adjusted } of compared) {
      expect(low <= difference && difference <= high).toBe(true);
      expect(adjusted).toBeGreaterThanOrEqual(p);
    }
    // equal folds give equal areas
    const byFold = table(results, "damage-folds");
    for (const { label } of byFold.rows) expect(cell(byFold, label, "a")).toBe(cell(byFold, label, "b"));
  });

  it("has oracles that are at least as good as each of their choices", async () => {
    const headroom = table(await run(join(folds, "a"), [1]), "damage-headroom");
    const [reference] = headroom.rows;
    const errors = headroom.rows.map(({ cells }) => known(cells[1]?.mean));
    const [whole, ...rest] = errors;
    const alone = rest.slice(0, -3);
    const [byTruth, byModality, bySubset] = rest.slice(-3);
    expect(reference?.label).toBe("EUAR, preset precision");
    expect(defined(byTruth)).toBeLessThanOrEqual(defined(whole));
    expect(defined(bySubset)).toBeLessThanOrEqual(defined(byTruth));
    expect(defined(bySubset)).toBeLessThanOrEqual(defined(byModality));
    for (const one of alone) expect(defined(byModality)).toBeLessThanOrEqual(one);
  });

  it("compares uncertainties with measured quality and with the largest possible correlation", async () => {
    const { rows, columns } = table(await run(join(folds, "a"), [1]), "damage-uncertainty");
    expect(columns.map(({ label }) => label)).toContain("text, noise (met)");
    const labels = rows.map(({ label }) => label);
    expect(labels).toContain(MEASURED);
    expect(labels).not.toContain("Linear"); // states no uncertainty
    const ceiling = defined(rows.at(-1));
    // the toy's quality has the ties of the severities
    expect(cell({ rows, columns }, MEASURED, "text, noise (met)")).toBeCloseTo(1, 10);
    for (const { cells } of rows.filter(({ label }) => label !== MEASURED))
      cells.forEach(({ mean }, c) => {
        if (mean !== null) expect(mean).toBeLessThanOrEqual(known(ceiling.cells[c]?.mean) + 1e-9);
      });
  });

  it("refuses folders without damaged test media", async () => {
    await expect(readFolds(join(root, "nowhere"), new DataSets())).rejects.toThrow(/no data set of damaged/);
    rmSync(join(folds, "b", "damaged.json"));
    await expect(readFolds(folds, new DataSets())).rejects.toThrow(/has no damaged.json/);
  });
});
