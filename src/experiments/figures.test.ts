import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Dataset, Split } from "../data/dataset.js";
import { writeFolder } from "../data/formats/write-folder.js";
import { loadSynthetic } from "../data/synthetic/load-synthetic.js";
import { extremes } from "./cases.js";
import { localExecutor } from "./executor.js";
import { type Experiments, experimentsSchema } from "./experiment-result.js";
import type { FigureResult } from "./figure-result.js";
import { labelGroups } from "./label-groups.js";
import { featureNoise } from "./noise-columns.js";
import { paperTablesFor } from "./paper-numbers.js";
import { parseRecipe } from "./recipe.js";
import { reproduce, type ReproduceRequest } from "./reproduce.js";

const root = mkdtempSync(join(tmpdir(), "euar-figures-"));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});
const recipe = parseRecipe(
  { train: { epochs: 2 }, models: { euar: { config: { experts: { count: 4 }, hidden: 8 } } } },
  "recipe",
);
const source = "synthetic:seed=9,train=60,valid=30,test=40";

async function run(change: Partial<ReproduceRequest>): Promise<Experiments> {
  const request: ReproduceRequest = {
    experiments: ["figure5", "figure6", "figure7", "uncertainty"],
    source,
    noise: featureNoise.slice(0, 2),
    seeds: [1, 2],
    recipe,
    store: join(root, "jobs"),
    ...change,
  };
  const results = await reproduce(request, {
    signal: new AbortController().signal,
    onProgress: () => undefined,
    openExecutors: (data) => Promise.resolve([localExecutor(data)]),
  });
  return experimentsSchema.parse(JSON.parse(JSON.stringify(results)));
}

function figureOf<Kind extends FigureResult["kind"]>(
  { figures }: Experiments,
  kind: Kind,
): Extract<FigureResult, { kind: Kind }> {
  const found = figures.find(
    (figure): figure is Extract<FigureResult, { kind: Kind }> => figure.kind === kind,
  );
  if (!found) throw new Error(`no figure of kind ${kind}`);
  return found;
}

describe("figures of a regression with known corruption", () => {
  let results: Experiments;
  beforeAll(async () => {
    results = await run({});
  }, 120_000);

  it("figure 5 has every epoch of every model, over the seeds", () => {
    const { rows, metric } = figureOf(results, "curves");
    expect(metric).toBe("Non0_acc_2");
    expect(rows.map(({ label }) => label)).toEqual([
      "EUAR",
      "without L_u",
      "EUAR, plain MLP experts",
      "EUAR, preset aware",
      "Linear",
    ]);
    for (const { points, bestEpochs } of rows) {
      expect(points.map(({ epoch, runs }) => [epoch, runs])).toEqual([
        [1, 2],
        [2, 2],
      ]);
      expect(bestEpochs).toHaveLength(2);
      expect(points[1]?.train?.mean).toBeGreaterThan(0);
      expect(points[1]?.valid?.deviation).not.toBeNull();
    }
  });

  it("figure 6 has a panel for each model, with all modalities and without any one", () => {
    const { panels, groups, chance } = figureOf(results, "embedding");
    expect([...new Set(panels.map(({ model }) => model))]).toEqual([
      "EUAR",
      "EUAR, preset aware",
      "EUAR, plain MLP experts",
      "Linear",
      "Concat",
      "DiCMoR",
    ]);
    expect([...new Set(panels.map(({ condition }) => condition))]).toEqual([
      "all modalities",
      "without vision",
      "without audio",
      "without text",
    ]);
    expect(groups).toEqual(["negative", "neutral", "positive"]);
    expect(chance).toBeGreaterThan(1 / 3);
    for (const { points, agreement } of panels) {
      expect(points).toHaveLength(40);
      for (const [x, y] of points) expect(Math.max(Math.abs(x), Math.abs(y))).toBeLessThanOrEqual(1);
      expect(agreement).toBeGreaterThan(0);
    }
  });

  it("figure 7 has as many cases for EUAR as against it, with its diagnostics of the inputs", () => {
    const { cases, against, texts } = figureOf(results, "cases");
    expect([against, texts]).toEqual(["DiCMoR", "none"]);
    expect(cases).toHaveLength(6 + 3 * 2);
    expect(cases.filter(({ better }) => better === "EUAR")).toHaveLength(6);
    for (const { better, predictions, inputs, condition } of cases) {
      const [own, other] = predictions;
      expect((own?.error ?? NaN) < (other?.error ?? NaN)).toBe(better === "EUAR");
      expect(inputs.map(({ modality }) => modality)).toEqual(["text", "audio", "vision"]);
      for (const { modality, present, experts, kind } of inputs) {
        expect(present).toBe(condition !== `without ${modality}`);
        expect(experts).toHaveLength(present ? 3 : 0);
        expect(kind).not.toBeNull();
      }
    }
    const gaps = cases
      .slice(0, 3)
      .map(({ predictions: [own, other] }) => (other?.error ?? NaN) - (own?.error ?? NaN));
    expect(gaps).toEqual(gaps.toSorted((a, b) => b - a));
  });

  it("the figure of uncertainties has only the models that state an uncertainty", () => {
    const { rows, risk } = figureOf(results, "uncertainty");
    expect(risk).toBe("absolute error");
    expect(rows.map(({ label }) => label)).toEqual([
      "EUAR",
      "EUAR, preset aware",
      "Precision fusion",
      "QA-MoE (from its abstract)",
    ]);
    const [euar, aware, precision] = rows;
    expect(precision?.reliability).toEqual([]);
    expect(precision?.routing).toEqual([]);
    expect(precision?.severity.map(({ modality }) => modality)).toEqual(["text", "audio", "vision"]);
    expect(euar?.reliability.map(({ promise }) => promise)).toEqual(["spread"]);
    expect(aware?.reliability.map(({ promise }) => promise)).toEqual(["expected-error", "spread"]);
    for (const row of rows.slice(0, 2)) {
      for (const { bins } of row.reliability)
        expect(bins.reduce((sum, { samples }) => sum + samples, 0)).toBe(2 * 40);
      const [selective] = row.selective;
      expect(selective?.points).toHaveLength(20);
      expect(selective?.points.at(-1)?.coverage).toBe(1);
      expect(row.coverage.map(({ level }) => level)).toEqual([0.5, 0.6, 0.7, 0.8, 0.9, 0.95]);
      expect(row.coverageByUncertainty).toHaveLength(3);
      expect(row.severity.map(({ modality }) => modality)).toEqual(["text", "audio", "vision"]);
      expect(row.routing.map(({ over }) => over)).toEqual([
        "kinds",
        "noise",
        "kinds",
        "noise",
        "kinds",
        "noise",
      ]);
      for (const { kinds, information } of row.routing) {
        for (const { shares } of kinds)
          expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 3);
        expect(information?.mean).toBeGreaterThanOrEqual(0);
      }
    }
  });

  it("is stored with its tables of the paper, and made again from the stored results", async () => {
    expect(await run({})).toEqual(results);
    expect(results.paper.map(({ experiment }) => experiment)).toEqual(["figure5", "figure6", "figure7"]);
  });
});

describe("figures of a classification without known corruption", () => {
  const classes = ["bad", "so-so", "good"];
  const asClasses = ({ corruption, ...split }: Split): Split => {
    expect(corruption).toBeDefined();
    return {
      ...split,
      labels: split.labels.map((label) => (label < -0.5 ? 0 : label > 0.5 ? 2 : 1)),
      texts: split.ids.map((id) => `the words of ${id}`),
    };
  };
  let folder = "";
  beforeAll(async () => {
    const { splits, ...rest } = loadSynthetic("synthetic:seed=3,train=60,valid=30,test=40");
    const dataset: Dataset = {
      ...rest,
      task: { kind: "classification", classes },
      splits: {
        train: asClasses(splits.train),
        valid: asClasses(splits.valid),
        test: asClasses(splits.test),
      },
    };
    folder = join(root, "classes");
    mkdirSync(folder);
    await writeFolder(folder, dataset, new AbortController().signal);
  });

  it("compares confidences with outcomes, for every model and each kind of noise", async () => {
    const results = await run({
      source: folder,
      seeds: [1],
      experiments: ["uncertainty", "figure7"],
      store: join(root, "class-jobs"),
    });
    const { rows, risk } = figureOf(results, "uncertainty");
    expect(risk).toBe("error rate");
    expect(rows.map(({ label }) => label)).toEqual(
      expect.arrayContaining(["EUAR", "Linear", "TMC", "QMF", "MMTM"]),
    );
    const named = (label: string): (typeof rows)[number] | undefined =>
      rows.find((row) => row.label === label);
    expect(named("Linear")?.selective.map(({ by }) => by)).toEqual(["confidence"]);
    expect(named("TMC")?.selective.map(({ by }) => by)).toEqual(["uncertainty", "confidence"]);
    for (const { reliability } of rows) expect(reliability[0]?.promise).toBe("confidence");
    expect(named("EUAR")?.severity[0]?.bins.map(({ kind }) => kind)).toContain("gaussian");
    expect(named("EUAR")?.routing.map(({ over }) => over)).toEqual(["noise", "noise", "noise"]);
    const { cases, texts } = figureOf(results, "cases");
    expect(texts).toBe("left out");
    for (const { text, truth } of cases) expect([text, classes.includes(truth)]).toEqual([null, true]);
    expect(JSON.stringify(results)).not.toContain("the words of");
    const shown = await run({
      source: folder,
      seeds: [1],
      experiments: ["figure7"],
      store: join(root, "class-jobs"),
      texts: true,
    });
    for (const { text, id } of figureOf(shown, "cases").cases) expect(text).toBe(`the words of ${id}`);
  }, 120_000);
});

describe("extremes", () => {
  it("takes the largest differences, in equal number on both sides, the first of equals", () => {
    expect(extremes([0, 0, 0, 5, 5, 1], [3, 3, 1, 0, 4, 1], 2)).toEqual([
      { row: 0, better: true },
      { row: 1, better: true },
      { row: 3, better: false },
      { row: 4, better: false },
    ]);
    expect(extremes([0, 0, 1], [1, 1, 0], 2)).toEqual([
      { row: 0, better: true },
      { row: 2, better: false },
    ]);
    expect(extremes([1], [1], 2)).toEqual([]);
  });
});

describe("labelGroups", () => {
  it("are classes, signs, or sides of the median", () => {
    expect(labelGroups({ kind: "classification", classes: ["a", "b"] }, [1, 0])).toEqual({
      names: ["a", "b"],
      groups: [1, 0],
    });
    const signed = { kind: "regression", targets: ["y"], range: [-3, 3] } as const;
    expect(labelGroups(signed, [-2, 0, 0.1]).groups).toEqual([0, 1, 2]);
    expect(labelGroups({ kind: "regression", targets: ["stars"] }, [1, 3, 5]).groups).toEqual([0, 0, 1]);
    expect(labelGroups({ kind: "multi-label", labels: ["joy", "anger"] }, [1, 0, 0, 1])).toEqual({
      names: ["without joy", "with joy"],
      groups: [1, 0],
    });
    expect(labelGroups({ kind: "regression", targets: ["y", "z"] }, [1, 9, 2, 9, 3, 9]).groups).toEqual([
      0, 0, 1,
    ]);
  });
});

describe("the paper's numbers", () => {
  it("have a value or n/a in every cell, of every table and figure", () => {
    const names = [
      "table1",
      "table2",
      "table3",
      "table4",
      "figure3",
      "figure4",
      "figure5",
      "figure6",
      "figure7",
    ];
    const tables = paperTablesFor(names);
    expect(new Set(tables.map(({ experiment }) => experiment))).toEqual(new Set(names));
    for (const { rows, columns } of tables)
      for (const { values } of rows) expect(values).toHaveLength(columns.length);
    expect(paperTablesFor(["uncertainty"])).toEqual([]);
  });
});
