// Trains the presets `paper` and `aware`, `aware` without each of its parts, and an ensemble, on the embedded
// data set. Writes the tables of docs/findings.md:
//   npm run results:aware
// Finished rows are stored in docs/results/; delete a file there to repeat its row. The tables of robustness,
// of simple models with the same inputs, and of the untrained statistic are read from docs/results/robustness
// and docs/results/inputs.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { evaluate, loadDataset, train } from "euar";
import { riskCoverage } from "euar/metrics";
import { euarPresets } from "euar/models";
import {
  deviation,
  kept,
  markdownTable,
  mean,
  meanAndDeviation,
  results,
  root,
  writeSection,
} from "./lib/result-rows.js";

const SEEDS = [1, 2, 3];
/** Seeds of the rows without a part, or without a kind in training. */
const FEWER_SEEDS = [1, 2];
const KINDS = ["noise", "dropout", "block", "saturation"];
/** Number of models in the ensemble. They take about as long to train as one model of the preset `aware`. */
const MEMBERS = 5;

const { config: preset, train: awareTraining } = euarPresets.aware;
const { config: paper, train: paperTraining } = euarPresets.paper;

/** The preset with the learning rate that its shortcut had when the tables were made. */
const awareness = { ...preset.awareness, statistics: { ...preset.awareness.statistics, steadyRate: 1 } };
const aware = { ...preset, awareness };
/** Returns the preset with other parts of its awareness. */
const changed = (parts) => ({ ...aware, awareness: { ...awareness, ...parts } });
const statistics = (options) => changed({ statistics: { ...awareness.statistics, ...options } });

/** Name, options of the model, options of training. */
const VARIANTS = [
  { label: "`paper`", name: "paper", model: paper, train: paperTraining },
  { label: "`aware`", name: "aware", model: aware, train: awareTraining },
  {
    label: "statistics for the variances only, not the gate",
    name: "no-gate",
    model: statistics({ gate: false }),
    train: awareTraining,
  },
  {
    label: "no dropout on the statistics",
    name: "no-statistics-dropout",
    model: statistics({ dropout: 0 }),
    train: awareTraining,
  },
  {
    label: "without statistics",
    name: "no-statistics",
    model: changed({ statistics: null }),
    train: awareTraining,
  },
  {
    label: "without ranking",
    name: "no-ranking",
    model: changed({ ranking: null }),
    train: awareTraining,
  },
  {
    label: "without specialisation",
    name: "no-specialisation",
    model: changed({ specialisation: null }),
    train: awareTraining,
  },
  {
    label: "without the linear shortcut",
    name: "no-steady",
    model: statistics({ steady: null }),
    train: awareTraining,
  },
  {
    label: "without the head for errors",
    name: "no-certainty",
    model: changed({ certainty: null }),
    train: awareTraining,
  },
  {
    label: "copies do not train the prediction",
    name: "no-teaching",
    model: aware,
    train: { ...awareTraining, copiesTeach: false },
  },
  {
    label: "`paper` with the encoder and training of `aware`",
    name: "paper-as-aware",
    model: { encoder: aware.encoder, inputDropout: aware.inputDropout },
    train: awareTraining,
  },
];

async function measured(variant, source, options, seeds) {
  const runs = [];
  for (const seed of seeds) {
    const dataset = await loadDataset(source);
    const { model, metrics } = await train(
      { model: { name: "euar", config: variant.model }, train: { ...options, seed } },
      dataset,
    );
    const { uncertainty, selective, routing } = await evaluate(model, dataset);
    const clean = await evaluate(model, await loadDataset("synthetic:clean"));
    const severities = Object.values(uncertainty).map(({ severity }) => severity);
    const byKind = (name) =>
      Object.fromEntries(
        Object.keys(severities[0].byKind).map((kind) => [
          kind,
          mean(severities.map((one) => one.byKind[kind][name])),
        ]),
      );
    runs.push({
      seed,
      all: mean(severities.map((one) => one.all)),
      rho: byKind("rho"),
      within: byKind("within"),
      ceiling: byKind("ceiling"),
      without: byKind("without"),
      bits: Object.values(routing).map(({ information }) => information),
      unused: Object.values(routing).map(({ unused }) => unused),
      MAE: metrics.test.MAE,
      Non0_acc_2: metrics.test.Non0_acc_2,
      cleanMAE: clean.metrics.MAE,
      cleanNon0_acc_2: clean.metrics.Non0_acc_2,
      area: selective.area,
      certainHalf: selective.certainHalf,
    });
    console.error(`${variant.name}, ${source}, seed ${seed}: ${runs.at(-1).all.toFixed(3)}`);
  }
  return runs;
}

/**
 * Evaluates the mean of several models of the preset `paper`. Its uncertainty is the disagreement of the
 * members (Lakshminarayanan et al. 2017).
 */
async function ensemble() {
  const dataset = await loadDataset("synthetic");
  const { labels } = dataset.splits.test;
  const clean = await loadDataset("synthetic:clean");
  const runs = [];
  for (const seed of SEEDS) {
    const members = [];
    for (let m = 0; m < MEMBERS; m++) {
      const { model } = await train(
        { model: { name: "euar", config: paper }, train: { ...paperTraining, seed: 100 * seed + m } },
        dataset,
      );
      members.push(
        await Promise.all(
          [dataset, clean].map(
            async (data) => (await evaluate(model, data, { predictions: true })).predictions,
          ),
        ),
      );
    }
    const [own, undamaged] = [0, 1].map((d) =>
      Array.from(labels, (_, n) => members.map((member) => member[d][n])),
    );
    const risk = (of, truth) => of.map((values, n) => Math.abs(mean(values) - truth[n]));
    const spread = own.map((values) => Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2))));
    const { area, certainHalf, all } = riskCoverage(risk(own, labels), spread);
    runs.push({
      seed,
      MAE: all,
      cleanMAE: mean(risk(undamaged, clean.splits.test.labels)),
      area,
      certainHalf,
    });
    console.error(`ensemble, seed ${seed}: ${area.toFixed(3)}`);
  }
  return runs;
}

function cell(runs, pick) {
  const values = runs.map(pick);
  return meanAndDeviation(mean(values), deviation(values));
}

const variants = [];
for (const variant of VARIANTS)
  variants.push({
    ...variant,
    runs: await kept(`aware-${variant.name}`, () =>
      measured(
        variant,
        "synthetic",
        variant.train,
        ["paper", "aware"].includes(variant.name) ? SEEDS : FEWER_SEEDS,
      ),
    ),
  });

/**
 * Tabulates how well uncertainty follows the corruption, by variant: over all samples, without the kind that
 * a single modality cannot notice, and by kind.
 */
function follow() {
  const columns = [...KINDS, "swap"];
  const head = ["variant", "all", "all except swap", ...columns.map((kind) => `within ${kind}`)];
  const rows = variants.map(({ label, runs }) => [
    label,
    cell(runs, (run) => run.all),
    cell(runs, (run) => run.without.swap),
    ...columns.map((kind) => cell(runs, (run) => run.within[kind])),
  ]);
  return markdownTable([head, ...rows]);
}

/** Tabulates the errors, and the use of the experts. */
async function worth() {
  const head = [
    "variant",
    "MAE",
    "MAE, clean test",
    "Non0_acc_2",
    "Non0_acc_2, clean test",
    "MAE of the most certain half",
    "risk-coverage area",
    "mutual information of expert and kind, bits",
    "experts unused",
  ];
  const names = ["MAE", "cleanMAE", "Non0_acc_2", "cleanNon0_acc_2", "certainHalf", "area"];
  const rows = variants.map(({ label, runs }) => [
    label,
    ...names.map((name) => cell(runs, (run) => run[name])),
    cell(runs, (run) => mean(run.bits)),
    `${runs.flatMap(({ unused }) => unused).reduce((sum, one) => sum + one, 0)}`,
  ]);
  const together = await kept("aware-ensemble", ensemble);
  rows.push([
    `ensemble of ${MEMBERS} \`paper\``,
    ...names.map((name) => (name.includes("acc") ? "" : cell(together, (run) => run[name]))),
    "",
    "",
  ]);
  return markdownTable([head, ...rows]);
}

/** Removes each kind from training: from the data's training and validation splits, and from the copies. */
async function unseen() {
  const lines = [
    [
      "kind left out of training",
      "`paper`",
      "`aware`",
      "largest possible",
      "`paper`, within the kind",
      "`aware`, within the kind",
    ],
  ];
  for (const kind of [...KINDS, "swap"]) {
    const both = [];
    for (const variant of VARIANTS.slice(0, 2)) {
      const options = {
        ...variant.train,
        ...(variant.train.copies && { copies: KINDS.filter((one) => one !== kind) }),
      };
      both.push(
        await kept(`aware-unseen-${kind}-${variant.name}`, () =>
          measured(variant, `synthetic:unseen=${kind}`, options, FEWER_SEEDS),
        ),
      );
    }
    lines.push([
      kind,
      ...both.map((runs) => cell(runs, (run) => run.rho[kind])),
      mean(both[1].map((run) => run.ceiling[kind])).toFixed(3),
      ...both.map((runs) => cell(runs, (run) => run.within[kind])),
    ]);
  }
  return markdownTable(lines);
}

/**
 * Tabulates the areas under metrics, and the same clips without corruption, from the report of `euar
 * reproduce robustness`.
 */
function robustness(folder) {
  const { experiments } = JSON.parse(readFileSync(join(results, folder, "results.json"), "utf8"));
  const shown = experiments
    .filter(({ name }) => !name.endsWith("-severity"))
    .flatMap(({ columns, rows }) =>
      ["undamaged", "mean of the areas"].map((label) => ({
        label,
        metric: columns[0].metric,
        column: columns.findIndex((one) => one.label === label),
        rows,
      })),
    );
  const head = [
    "model",
    ...shown.flatMap(({ label, metric }) => [`${metric}, ${label}`, "difference to `aware`, 95%"]),
  ];
  const difference = (comparison) => {
    if (!comparison) return "";
    const text = [comparison.low, comparison.high].map((end) => end.toFixed(3)).join(" to ");
    return comparison.adjusted < 0.05 ? `**${text}**` : text;
  };
  const lines = experiments[0].rows.map(({ label }, r) => [
    label,
    ...shown.flatMap(({ column, rows }) => [
      meanAndDeviation(rows[r].cells[column].mean, rows[r].cells[column].deviation),
      difference(rows[r].cells[column].comparison),
    ]),
  ]);
  return markdownTable([head, ...lines]);
}

/** Tabulates how well uncertainties follow the corruption, with the untrained statistic for comparison. */
function severity() {
  const { experiments } = JSON.parse(readFileSync(join(results, "inputs/results.json"), "utf8"));
  const { columns, rows } = experiments.find(({ name }) => name === "inputs-severity");
  return markdownTable([
    ["uncertainty", ...columns.map(({ label }) => label)],
    ...rows.map(({ label, cells }) => [
      label,
      ...cells.map((one) => meanAndDeviation(one.mean, one.deviation)),
    ]),
  ]);
}

const page = join(root, "docs/findings.md");
writeSection(page, "follow", follow());
writeSection(page, "worth", await worth());
writeSection(page, "robustness", robustness("robustness"));
writeSection(page, "inputs", robustness("inputs"));
writeSection(page, "severity", severity());
writeSection(page, "unseen", await unseen());
