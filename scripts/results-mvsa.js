// Extracts features of MVSA-Single's posts, trains the rows of docs/results-mvsa.md through the command line,
// and measures them on posts with noise:
//   npm run results:mvsa -- --data FOLDER [--work FOLDER]
// FOLDER has train.jsonl, dev.jsonl, test.jsonl and the images. Features and runs go to --work (default: a
// temporary folder). Finished rows are stored in docs/results/; delete a file there to repeat its row.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { evaluate, loadDataset, Predictor } from "euar";
import {
  deviation,
  euar,
  kept,
  markdownTable,
  mean,
  meanAndDeviation,
  metricTable,
  root,
  seeds,
  trained,
  writeSection,
} from "./lib/result-rows.js";

const { values: flags } = parseArgs({
  options: { data: { type: "string", default: "" }, work: { type: "string" } },
});
if (!existsSync(join(flags.data, "train.jsonl")))
  throw new Error(`no train.jsonl in "${flags.data}": name the folder of posts with --data`);
const work = resolve(flags.work ?? mkdtempSync(join(tmpdir(), "euar-mvsa-")));
const config = (name) => ["--config", join(root, `configs/${name}.json`)];

const MODELS = [
  { name: "linear", label: "linear", args: config("mvsa-linear"), uncertain: false },
  { name: "euar", label: "EUAR, chosen recipe", args: config("mvsa-euar"), uncertain: true },
  {
    name: "mlp-experts",
    label: "the same, plain MLP experts",
    args: [...config("mvsa-euar"), "--preset", "mlp-experts"],
    uncertain: false,
  },
  {
    name: "aware",
    label: "the same, preset `aware`",
    args: [...config("mvsa-euar"), "--preset", "aware"],
    uncertain: true,
  },
  { name: "default", label: "EUAR, defaults", args: [], uncertain: true },
  // Each learning rate comes from the same cross-validation as the recipes.
  ...[
    ["concat", "Concat", false, 0.003],
    ["late-fusion", "Late fusion", true, 0.01],
    ["align", "Align", false, 0.001],
    ["mmtm", "MMTM", true, 0.003],
    ["tmc", "TMC", true, 0.003],
    ["qmf", "QMF", true, 0.001, "--confidence-scale", "1"],
  ].map(([name, label, uncertain, rate, ...more]) => ({
    name,
    label,
    args: [...config("mvsa-baseline"), "--model", name, "--learning-rate", String(rate), ...more],
    uncertain,
    fuses: true,
  })),
];
const INPUTS = ["text", "image", "text,image"];
const MODES = ["exact", "clean"];
const EPSILONS = [5, 10];
const NOISES = [
  { label: "Gaussian on images", parts: ["image=gaussian"] },
  { label: "salt and pepper on images", parts: ["image=salt-and-pepper"] },
  { label: "blanked words", parts: ["text=blank"] },
  { label: "Gaussian on images and blanked words", parts: ["image=gaussian", "text=blank"] },
  { label: "salt and pepper on images and blanked words", parts: ["image=salt-and-pepper", "text=blank"] },
];

/** Returns the data set with this noise on its test split. Extracted once. */
function posts(noise) {
  const folder = join(work, noise === undefined ? "clean" : noise.replace(/[^\w-]+/g, "-"));
  const noiseFlags = noise === undefined ? [] : ["--noise", noise];
  if (!existsSync(join(folder, "dataset.json")))
    euar("extract", flags.data, "--out", folder, "--cache", join(work, "cache"), ...noiseFlags);
  return folder;
}

const runs = ({ name }, inputs) => join(work, "runs", `${name}-${inputs.replace(",", "-")}`);

function row(model, inputs) {
  return kept(`mvsa-${model.name}-${inputs.replace(",", "-")}`, () =>
    trained(runs(model, inputs), ["--data", posts(), "--modalities", inputs, ...model.args, "--overwrite"]),
  );
}

async function clean() {
  const rows = [];
  for (const inputs of INPUTS) {
    // Fusing a single modality does nothing: these rows would be one hidden layer six times.
    for (const model of MODELS.filter(({ fuses }) => !fuses || inputs.includes(",")))
      rows.push([model.label, inputs.replace(",", " + "), await row(model, inputs)]);
  }
  return metricTable(["Accuracy", "Weighted_F1", "Macro_F1"], rows);
}

/** Loads one run per seed. Trains again if the row is stored but its weights are not. */
async function loadRuns(model) {
  const folder = runs(model, "text,image");
  if (!existsSync(join(folder, `seed-${seeds.at(-1)}`, "weights.safetensors")))
    trained(folder, ["--data", posts(), "--modalities", "text,image", ...model.args, "--overwrite"]);
  return Promise.all(seeds.map((seed) => Predictor.load(join(folder, `seed-${seed}`))));
}

const specification = ({ parts }, mode, epsilon) =>
  parts.map((part) => `${part}/${mode}:${epsilon}`).join(",");

/** Returns test metrics and mean uncertainties of every model, by noise; "" is without noise. */
function measured() {
  return kept("mvsa-noise", async () => {
    const noises = [
      undefined,
      ...NOISES.flatMap((noise) =>
        MODES.flatMap((mode) => EPSILONS.map((epsilon) => specification(noise, mode, epsilon))),
      ),
    ];
    const models = [];
    for (const model of MODELS) models.push({ name: model.name, runs: await loadRuns(model) });
    const found = {};
    for (const noise of noises) {
      const dataset = await loadDataset(posts(noise));
      found[noise ?? ""] = {};
      for (const { name, runs: loaded } of models) found[noise ?? ""][name] = await measure(loaded, dataset);
    }
    return found;
  });
}

async function measure(models, dataset) {
  const values = { Accuracy: [], Weighted_F1: [], text: [], image: [], area: [] };
  for (const model of models) {
    const { metrics, uncertainty, selective } = await evaluate(model, dataset);
    values.Accuracy.push(metrics.Accuracy);
    values.Weighted_F1.push(metrics.Weighted_F1);
    for (const modality of ["text", "image"]) values[modality].push(uncertainty[modality]?.mean ?? null);
    values.area.push(selective?.area ?? null);
  }
  return Object.fromEntries(Object.entries(values).map(([name, list]) => [name, summary(list)]));
}

function summary(list) {
  if (list.includes(null)) return null;
  return { mean: mean(list), deviation: deviation(list) };
}

async function noise() {
  const found = await measured();
  const cell = (model, spec, name) => {
    const { mean, deviation } = found[spec][model.name][name] ?? {};
    return name in { text: 0, image: 0 } && !model.uncertain ? "n/a" : meanAndDeviation(mean, deviation);
  };
  const tables = NOISES.flatMap((kind) =>
    MODES.map((mode) => {
      const specs = ["", ...EPSILONS.map((epsilon) => specification(kind, mode, epsilon))];
      const touched = kind.parts.map((part) => part.split("=")[0]);
      const head = [
        "model",
        ...[0, ...EPSILONS].map((epsilon) => `Accuracy, ε = ${epsilon}`),
        ...touched.flatMap((modality) =>
          [0, ...EPSILONS].map((epsilon) => `${modality} uncertainty, ε = ${epsilon}`),
        ),
      ];
      const rows = MODELS.map((model) => [
        model.label,
        ...specs.map((spec) => cell(model, spec, "Accuracy")),
        ...touched.flatMap((modality) => specs.map((spec) => cell(model, spec, modality))),
      ]);
      return `**${kind.label}, mode \`${mode}\`**\n\n${markdownTable([head, ...rows])}`;
    }),
  );
  return tables.join("\n\n");
}

const page = join(root, "docs/results-mvsa.md");
try {
  writeSection(page, "clean", await clean());
  writeSection(page, "noise", await noise());
} finally {
  if (flags.work === undefined) rmSync(work, { recursive: true, force: true });
}
