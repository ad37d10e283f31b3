// Trains the presets `paper` and `aware`, and `aware` without each of its parts, on the embedded data set, and writes the tables of docs/findings.md:
//   npm run results:aware
// Finished rows are kept in docs/results/ and not made again; delete a file there to repeat it.
import { join } from "node:path";
import { evaluate, loadDataset, train } from "../dist/index.js";
import { euarPresets } from "../dist/models.js";
import { kept, markdownTable, meanAndDeviation, root, writeSection } from "./lib/result-rows.js";

const SEEDS = [1, 2, 3];
const KINDS = ["noise", "dropout", "block", "saturation"];
const AWARE = { copies: KINDS, copiesTeach: false };

/** Name, options of the model over the preset `aware`, options of training. */
const VARIANTS = [
  { label: "`paper`", name: "paper", model: euarPresets.paper, train: {} },
  { label: "`aware`", name: "aware", model: euarPresets.aware, train: AWARE },
  { label: "without statistics", name: "no-statistics", model: { ...euarPresets.aware, statistics: 0 }, train: AWARE },
  { label: "without ranking", name: "no-ranking", model: { ...euarPresets.aware, ranking: 0 }, train: AWARE },
  { label: "without the head for errors", name: "no-certainty", model: { ...euarPresets.aware, certainty: 0 }, train: AWARE },
];

async function measured(variant, source, options) {
  const runs = [];
  for (const seed of SEEDS) {
    const dataset = await loadDataset(source);
    const { model, metrics } = await train({ model: { name: "euar", config: variant.model }, train: { seed, ...options } }, dataset);
    const { uncertainty, selective } = await evaluate(model, dataset);
    const clean = await evaluate(model, await loadDataset("synthetic:clean"));
    const severities = Object.values(uncertainty).map(({ severity }) => severity);
    const kinds = Object.keys(severities[0].byKind);
    const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const byKind = Object.fromEntries(kinds.map((kind) => [kind, mean(severities.map((one) => one.byKind[kind].rho))]));
    runs.push({ seed, all: mean(severities.map((one) => one.all)), byKind, MAE: metrics.test.MAE, cleanMAE: clean.metrics.MAE, area: selective.area, certainHalf: selective.certainHalf });
    console.error(`${variant.name}, ${source}, seed ${seed}: ${runs.at(-1).all.toFixed(3)}`);
  }
  return runs;
}

function cell(runs, pick) {
  const values = runs.map(pick);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return meanAndDeviation(mean, Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)));
}

async function parts() {
  const lines = [["variant", "Spearman, all", ...[...KINDS, "swap"].map((kind) => `${kind}`), "MAE", "MAE, clean test", "MAE of the certain half", "risk-coverage area"]];
  for (const variant of VARIANTS) {
    const runs = await kept(`aware-${variant.name}`, () => measured(variant, "synthetic", variant.train));
    const kinds = [...KINDS, "swap"].map((kind) => cell(runs, (run) => run.byKind[kind]));
    lines.push([variant.label, cell(runs, (run) => run.all), ...kinds, ...["MAE", "cleanMAE", "certainHalf", "area"].map((name) => cell(runs, (run) => run[name]))]);
  }
  return markdownTable(lines);
}

/** Each kind kept from training: from the data's training and validation splits, and from the copies. */
async function unseen() {
  const lines = [["kind kept from training", "`paper`", "`aware`"]];
  for (const kind of [...KINDS, "swap"]) {
    const row = [kind];
    for (const variant of VARIANTS.slice(0, 2)) {
      const options = variant.train.copies ? { ...AWARE, copies: KINDS.filter((one) => one !== kind) } : {};
      const runs = await kept(`aware-unseen-${kind}-${variant.name}`, () => measured(variant, `synthetic:unseen=${kind}`, options));
      row.push(cell(runs, (run) => run.byKind[kind]));
    }
    lines.push(row);
  }
  return markdownTable(lines);
}

const page = join(root, "docs/findings.md");
writeSection(page, "parts", await parts());
writeSection(page, "unseen", await unseen());
