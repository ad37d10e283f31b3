// Chooses options for rows of `euar reproduce damage`, with the same number of trials for each row: node
// scripts/search-damage.js --data FOLDER --recipe FILE --space FILE --out OUT [--trials 12] [--seed 1]
// FOLDER has damaged copies of the validation samples as its test split, so the test samples stay unread.
// The first trial is the recipe. The others draw each option from the space. The trial with the best area
// under the score over severity, for kinds met in training, is written to OUT/recipe.json. Finished
// trials are kept.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { builtInModels } from "euar/models";
import { integerAt, randomKey } from "euar/tensor";
import { euar, markdownTable } from "./lib/result-rows.js";

const { values: flags } = parseArgs({
  options: {
    data: { type: "string", default: "" },
    recipe: { type: "string", default: "" },
    space: { type: "string", default: "" },
    out: { type: "string", default: "" },
    trials: { type: "string", default: "12" },
    seed: { type: "string", default: "1" },
  },
});
const read = (file) => JSON.parse(readFileSync(file, "utf8"));
const [recipe, space] = [read(flags.recipe), read(flags.space)];
/** Returns the label of the row of a model. */
const labelOf = (model) =>
  model === "euar" ? "EUAR, preset precision" : builtInModels.find(({ name }) => name === model).label;
const AREA = "area, kinds met in training";

/** Draws each option of a model. A choice of null leaves the option to the recipe. */
function drawn(model, trial) {
  const one = (group) =>
    Object.fromEntries(
      Object.entries(space[model][group] ?? {}).flatMap(([name, choices]) => {
        const key = randomKey(Number(flags.seed), `search-damage/${model}/${group}/${name}`);
        const value = choices[integerAt(key, trial, choices.length)];
        return value === null ? [] : [[name, value]];
      }),
    );
  return { config: one("config"), train: one("train") };
}

/** Returns the options of a model in the recipe: those of its preset, if the row has one. */
function optionsIn(models, model) {
  return (model === "euar" ? models.euar?.presets?.precision : models[model]) ?? {};
}

/** Returns the recipe with other options of one model. */
function withOptions(whole, model, { config, train }) {
  const known = optionsIn(whole.models, model);
  const options = { config: { ...known.config, ...config }, train: { ...known.train, ...train } };
  const entry =
    model === "euar"
      ? { ...whole.models.euar, presets: { ...whole.models.euar?.presets, precision: options } }
      : { ...whole.models[model], ...options };
  return { ...whole, models: { ...whole.models, [model]: entry } };
}

/** Runs a trial of all models. Returns the cells of each row by column. */
function measured(trial) {
  const folder = join(flags.out, `trial-${trial}`);
  const stored = join(folder, "results.json");
  const options =
    trial === 0
      ? recipe
      : Object.keys(space).reduce((whole, model) => withOptions(whole, model, drawn(model, trial)), recipe);
  const file = join(flags.out, `trial-${trial}.json`);
  if (existsSync(file) && readFileSync(file, "utf8") !== JSON.stringify(options))
    throw new Error(`${file} is a trial of another search; choose another --out`);
  if (!existsSync(stored)) {
    mkdirSync(flags.out, { recursive: true });
    writeFileSync(file, JSON.stringify(options));
    const others = Object.keys(space).filter((model) => model !== "euar");
    const rest = ["--seeds", "1", "--arithmetic", "fast", "--workers", "1"];
    euar(
      "reproduce",
      "damage",
      "--data",
      flags.data,
      "--models",
      others.join(","),
      "--recipe",
      file,
      "--out",
      folder,
      ...rest,
    );
  }
  const { columns, rows } = read(stored).experiments.find(({ name }) => name === "damage");
  return {
    metric: columns[0].metric,
    rows: Object.fromEntries(
      rows.map(({ label, cells }) => [
        label,
        Object.fromEntries(cells.map(({ mean }, c) => [columns[c].label, mean])),
      ]),
    ),
  };
}

const trials = Array.from({ length: Number(flags.trials) }, (_, trial) => measured(trial));
const sign = trials[0].metric === "MAE" ? -1 : 1;
let best = recipe;
const lines = [["model", "trial", `${trials[0].metric}, clean`, AREA, "options"]];
for (const model of Object.keys(space)) {
  const scores = trials.map(({ rows }) => rows[labelOf(model)]);
  const order = scores.map((_, trial) => trial).sort((a, b) => sign * (scores[b][AREA] - scores[a][AREA]));
  for (const trial of order) {
    const { clean, [AREA]: area } = scores[trial];
    const options = trial === 0 ? "the recipe" : JSON.stringify(drawn(model, trial));
    lines.push([model, String(trial), clean.toFixed(3), area.toFixed(3), options]);
  }
  if (order[0] !== 0) best = withOptions(best, model, drawn(model, order[0]));
}
writeFileSync(join(flags.out, "recipe.json"), `${JSON.stringify(best, null, 2)}\n`);
console.log(markdownTable(lines));
