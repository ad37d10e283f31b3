// Cross-validation by video over the training and validation splits of CMU-MOSI, for choices that the test
// split must not decide; writes a section of docs/results.md.
// node scripts/cross-validate.js --data FILE [--candidates FILE.json] [--inputs "text;text,audio"] [--folds
// 10] [--seeds 1,2,3] A candidate is a configuration file's content with a name. Finished rows are kept in
// docs/results/; delete a file there to repeat its row.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadDataset, train, trainConfigSchema } from "euar";
import { groupFolds } from "./lib/group-folds.js";
import {
  deviation,
  kept,
  markdownTable,
  mean,
  meanAndDeviation,
  root,
  writeSection,
} from "./lib/result-rows.js";

const { values: flags } = parseArgs({
  options: {
    data: { type: "string" },
    candidates: { type: "string", default: join(root, "configs/experiments/mosi-candidates.json") },
    inputs: { type: "string", default: "text;text,audio" },
    folds: { type: "string", default: "10" },
    seeds: { type: "string", default: "1,2,3" },
  },
});
if (!flags.data) throw new Error("name the pickle of CMU-MOSI with --data");
const metrics = ["Non0_acc_2", "MAE", "Corr"];
const seeds = flags.seeds.split(",").map(Number);

/** Returns the video of an id. Ids are VIDEO_CLIP or VIDEO$_$CLIP; video names may contain underscores. */
const videoOf = (id) => id.replace(/(\$_\$|_)[^_$]*$/, "");

/** Returns one number per seed and metric: the mean over the folds. */
async function row(folds, { model = "euar", ...options }) {
  const isTraining = ([key]) => Object.hasOwn(trainConfigSchema.shape, key);
  const entries = Object.entries(options);
  const [training, config] = [
    Object.fromEntries(entries.filter(isTraining)),
    Object.fromEntries(entries.filter((entry) => !isTraining(entry))),
  ];
  const bySeed = [];
  for (const seed of model === "ridge" ? seeds.slice(0, 1) : seeds) {
    // its seeds all give the same result
    const runs = [];
    for (const fold of folds)
      runs.push(
        (await train({ model: { name: model, config }, train: { ...training, seed } }, fold)).metrics.test,
      );
    bySeed.push(Object.fromEntries(metrics.map((name) => [name, mean(runs.map((run) => run[name]))])));
  }
  return { candidate: { model, ...options }, folds: folds.length, seeds, bySeed };
}

const lines = [["candidate", "inputs", ...metrics]];
for (const inputs of flags.inputs.split(";")) {
  const folds = groupFolds(
    await loadDataset(flags.data, { modalities: inputs.split(",") }),
    videoOf,
    Number(flags.folds),
  );
  for (const { name, ...candidate } of JSON.parse(readFileSync(flags.candidates, "utf8"))) {
    const file = `cv-${name.toLowerCase().replace(/[^a-z0-9]+/g, "-")}-${inputs.replace(",", "-")}`;
    const { bySeed } = await kept(file, () => row(folds, candidate));
    lines.push([
      name,
      inputs.replace(",", " + "),
      ...metrics.map((metric) =>
        meanAndDeviation(
          mean(bySeed.map((seed) => seed[metric])),
          deviation(bySeed.map((seed) => seed[metric])),
        ),
      ),
    ]);
    console.error(lines.at(-1).join("  "));
  }
}
writeSection(join(root, "docs/results.md"), "cross-validation", markdownTable(lines));
