import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { generateSynthetic } from "../../src/data.js";
import { type Dataset, type ModelChoice, type Split, type SplitName, train } from "../../src/index.js";

/*
 * Nothing that a run keeps may depend on the test split, and nothing that is fitted may depend on the
 * validation split but what is chosen or calibrated on it. Each model is trained on the same data with other
 * samples in a held-out split. All tensors of the weight file are compared: weights, statistics of features,
 * statistics of signals, temperature, thresholds, scores of intervals.
 */

const SIZES = { train: 90, valid: 40, test: 36 };

interface Kept {
  /** Bytes of each tensor of weights.safetensors, by name. */
  readonly tensors: Readonly<Record<string, string>>;
  /** Lines of history.jsonl and predictions-valid.jsonl: losses, selection, intervals. */
  readonly history: string;
  readonly validPredictions: string;
  readonly testPredictions: string;
}

interface Case {
  readonly name: string;
  readonly model: ModelChoice;
  readonly train: Record<string, unknown>;
  readonly task: "regression" | "classification";
}

const small = { hidden: 12, experts: { count: 4 }, head: [12] };
const short = { epochs: 3, patience: 2, seed: 3 };

const cases: readonly Case[] = [
  {
    name: "the paper's preset",
    model: { name: "euar", preset: "paper", config: small },
    train: short,
    task: "regression",
  },
  {
    name: "the preset aware",
    model: { name: "euar", preset: "aware", config: small },
    train: short,
    task: "regression",
  },
  {
    name: "the preset aware on classes",
    model: { name: "euar", preset: "aware", config: small },
    train: { ...short, normalise: "unit" },
    task: "classification",
  },
  {
    name: "the linear row",
    model: { name: "linear" },
    train: { ...short, normalise: "centre" },
    task: "classification",
  },
  { name: "ridge regression", model: { name: "ridge" }, train: short, task: "regression" },
];

const folder = mkdtempSync(join(tmpdir(), "euar-leaks-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/**
 * The embedded data; a split named by `changed` has other clips, of other sizes and units, in another number.
 */
function data(task: Case["task"], changed?: SplitName): Dataset {
  const { dataset } = generateSynthetic({ seed: 5, sizes: SIZES });
  const { dataset: other } = generateSynthetic({ seed: 6, sizes: { ...SIZES, [changed ?? "test"]: 30 } });
  const splits =
    changed === undefined ? dataset.splits : { ...dataset.splits, [changed]: shifted(other.splits[changed]) };
  return task === "regression" ? { ...dataset, splits } : { ...dataset, ...asClasses(splits) };
}

function shifted(split: Split): Split {
  const modalities = Object.entries(split.modalities).map(([name, table]) => [
    name,
    { ...table, values: table.values.map((value) => 4 * value + 2) },
  ]);
  return { ...split, modalities: Object.fromEntries(modalities) as Split["modalities"] };
}

function asClasses(splits: Dataset["splits"]): Pick<Dataset, "task" | "splits"> {
  const classed = (split: Split): Split => ({
    ...split,
    labels: split.labels.map((label) => (label > 0 ? 1 : 0)),
  });
  return {
    task: { kind: "classification", classes: ["negative", "positive"] },
    splits: { train: classed(splits.train), valid: classed(splits.valid), test: classed(splits.test) },
  };
}

async function kept({ name, model, train: options, task }: Case, changed?: SplitName): Promise<Kept> {
  const out = join(folder, `${name} ${changed ?? "as it is"}`.replaceAll(" ", "-"));
  await train({ model, train: options, out }, data(task, changed));
  const text = (file: string): string => readFileSync(join(out, file), "utf8");
  return {
    tensors: tensorsOf(readFileSync(join(out, "weights.safetensors"))),
    history: text("history.jsonl"),
    validPredictions: text("predictions-valid.jsonl"),
    testPredictions: text("predictions-test.jsonl"),
  };
}

/** The tensors of a safetensors file, read by the format's description and not by the code under test. */
function tensorsOf(file: Buffer): Record<string, string> {
  const start = 8 + Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.toString("utf8", 8, start)) as Record<
    string,
    { data_offsets?: [number, number] }
  >;
  return Object.fromEntries(
    Object.entries(header).flatMap(([name, { data_offsets: at }]) =>
      at === undefined ? [] : [[name, file.toString("hex", start + at[0], start + at[1])]],
    ),
  );
}

function changedTensors(a: Kept, b: Kept): string[] {
  return [...new Set([...Object.keys(a.tensors), ...Object.keys(b.tensors)])].filter(
    (name) => a.tensors[name] !== b.tensors[name],
  );
}

describe.each(cases)("$name", (one) => {
  let [usual, otherTest, otherValid]: (Kept | undefined)[] = [];
  beforeAll(async () => {
    usual = await kept(one);
    otherTest = await kept(one, "test");
    otherValid = await kept({ ...one, train: { ...one.train, patience: 0, epochs: 1 } }, "valid");
  });

  it("keeps every weight, statistic, temperature and interval when the test split is another", () => {
    if (!usual || !otherTest) throw new Error("nothing was trained");
    expect(Object.keys(usual.tensors).filter((name) => name.startsWith("normaliser:"))).toHaveLength(6);
    expect(Object.keys(usual.tensors).some((name) => name.startsWith("calibration:"))).toBe(true);
    expect(changedTensors(usual, otherTest)).toEqual([]);
    expect(otherTest.history).toBe(usual.history);
    expect(otherTest.validPredictions).toBe(usual.validPredictions);
    expect(otherTest.testPredictions).not.toBe(usual.testPredictions);
  });

  it("takes from the validation split only the choice of the epoch and the calibration", async () => {
    if (!otherValid) throw new Error("nothing was trained");
    const first = await kept({
      ...one,
      name: `${one.name}, one epoch`,
      train: { ...one.train, patience: 0, epochs: 1 },
    });
    const changed = changedTensors(first, otherValid);
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.filter((name) => !name.startsWith("calibration:"))).toEqual([]);
  });
});

it("detects a different training split, in every kind of tensor", async () => {
  const aware = cases.find(({ name }) => name === "the preset aware");
  if (!aware) throw new Error("no such case");
  const changed = changedTensors(await kept({ ...aware, name: "usual" }), await kept(aware, "train"));
  for (const part of [
    "normaliser:text/mean",
    "text/signals/fitted/median",
    "audio/experts/weight",
    "calibration:scores",
  ])
    expect(changed).toContain(part);
});
