// Trains the rows of docs/results.md through the command line and writes the tables. Needs the real data (see
// docs/results.md):
//   npm run results -- --data FOLDER [--only mosi,raw,pom,folds,synthetic]
// Finished rows are stored in docs/results/; delete a file there to repeat its row.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { loadDataset } from "euar";
import { euar, kept, markdownTable, metricTable, root, trained, writeSection } from "./lib/result-rows.js";

const { values: flags } = parseArgs({
  options: {
    data: { type: "string", default: process.env.EUAR_DATA ?? "" },
    only: { type: "string", default: "mosi,raw,pom,folds,synthetic" },
  },
});
if (!existsSync(flags.data))
  throw new Error(`no data at "${flags.data}": name the folder with --data or EUAR_DATA`);
const data = resolve(flags.data);
const scratch = mkdtempSync(join(tmpdir(), "euar-results-"));

const row = (name, args) => kept(name, () => trained(join(scratch, name), args));

/** Rows of a data set without its own recipe. */
const plain = [
  ["linear", "linear", ["--config", join(root, "configs/linear.json")]],
  ["ridge", "ridge", ["--config", join(root, "configs/ridge.json")]],
  ["EUAR, defaults", "default", []],
];

async function mosi() {
  const file = join(data, "mosi/mosi_standard_la.pkl");
  const models = [
    ["linear", "mosi-linear"],
    ["ridge", "mosi-ridge"],
    ["EUAR, chosen recipe", "mosi-euar-averaged"],
    ["EUAR, first recipe", "mosi-euar"],
    ["EUAR, `centre` recipe", "mosi-euar-centre"],
    ["EUAR, defaults", undefined],
  ];
  const rows = [];
  for (const inputs of ["text", "audio", "text,audio"]) {
    for (const [label, config] of models) {
      const args = [
        "--data",
        file,
        "--modalities",
        inputs,
        ...(config ? ["--config", join(root, `configs/${config}.json`)] : []),
      ];
      rows.push([
        label,
        inputs.replace(",", " + "),
        await row(`${config ?? "mosi-default"}-${inputs.replace(",", "-")}`, args),
      ]);
    }
  }
  return metricTable(["Non0_acc_2", "MAE", "Corr", "Mult_acc_7"], rows);
}

/**
 * Compares text features extracted from the raw transcripts with the prepared ones: the same rows, the same
 * recipe.
 */
async function raw() {
  const file = join(data, "mosi/mosi_standard_la.pkl");
  const { splits } = await loadDataset(file, { modalities: ["text"] });
  const lines = Object.values(splits).flatMap(({ name, ids, texts, labels }) =>
    ids.map((id, i) => JSON.stringify({ id, text: texts[i], label: labels[i], mode: name })),
  );
  const table = join(scratch, "transcripts.jsonl");
  writeFileSync(table, `${lines.join("\n")}\n`);
  const folder = join(scratch, "transcripts");
  const recipe = ["--modalities", "text", "--config", join(root, "configs/mosi-euar.json")];
  const { difference, ...made } = await kept("mosi-euar-raw-text", async () => {
    euar("extract", table, "--out", folder, "--task", "regression");
    return {
      ...trained(join(scratch, "raw"), ["--data", folder, ...recipe]),
      difference: largestDifference(splits, (await loadDataset(folder)).splits),
    };
  });
  const prepared = await row("mosi-euar-text", ["--data", file, ...recipe]);
  const rows = metricTable(
    ["Non0_acc_2", "MAE", "Corr", "Mult_acc_7"],
    [
      ["EUAR, first recipe", "prepared vectors", prepared],
      ["EUAR, first recipe", "raw transcripts", made],
    ],
  );
  return (
    `${rows}\n\nLargest absolute difference between a prepared number and the one made here: ` +
    `${difference.largest.toExponential(1)} (${difference.samples} sentences, ${difference.width} ` +
    "numbers each, of vectors of length 1)."
  );
}

function largestDifference(prepared, made) {
  let [largest, samples] = [0, 0];
  for (const name of Object.keys(prepared)) {
    const [one, other] = [prepared[name], made[name]];
    if (one.size !== other.size) throw new Error(`${name}: ${other.size} of ${one.size} sentences were made`);
    one.ids.forEach((id, i) => {
      if (other.ids[i] !== id) throw new Error(`${name}: sample ${i} is ${other.ids[i]}, not ${id}`);
    });
    samples += one.size;
    const values = other.modalities.text.values;
    one.modalities.text.values.forEach((value, i) => {
      largest = Math.max(largest, Math.abs(value - values[i]));
    });
  }
  return { largest, samples, width: prepared.test.modalities.text.width };
}

async function pom() {
  const features = (split) => ({
    features: { audio: join(data, `pom/audio_${split}.npy`), video: join(data, `pom/video_${split}.npy`) },
    labels: join(data, `pom/y_${split}.npy`),
  });
  const targets = Array.from({ length: 17 }, (_, i) => `t${i}`);
  const description = {
    name: "POM",
    task: { kind: "regression", targets },
    splits: { train: features("train"), valid: features("valid"), test: features("test") },
  };
  const folder = join(scratch, "pom");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "dataset.json"), JSON.stringify(description));
  const rows = [];
  for (const [label, short, args] of plain) {
    for (const inputs of ["audio", "video", "audio,video"]) {
      rows.push([
        label,
        inputs.replace(",", " + "),
        await row(`pom-${short}-${inputs.replace(",", "-")}`, [
          "--data",
          folder,
          "--modalities",
          inputs,
          ...args,
        ]),
      ]);
    }
  }
  return metricTable(["MAE", "Corr"], rows);
}

async function folds() {
  const rows = [];
  for (const fold of [0, 1, 2, 3, 4]) {
    const file = join(data, `mosi/mosi752_lav_fold${fold}.pkl`);
    for (const [label, short, args] of plain)
      rows.push([label, `fold ${fold}`, await row(`folds-${short}-${fold}`, ["--data", file, ...args])]);
  }
  return metricTable(["Non0_acc_2", "MAE", "Corr"], rows);
}

/** Trains one run per preset on the embedded data, then runs `euar evaluate` on its test split. */
async function synthetic() {
  const lines = [
    [
      "preset",
      "modality",
      "Spearman, all",
      "by kind (with the clean samples)",
      "MAE all",
      "MAE of the certain half",
    ],
  ];
  for (const preset of ["paper", "paper-32", "aware"]) {
    const { uncertainty, selective } = await kept(`synthetic-${preset}`, () => {
      const run = join(scratch, preset);
      euar("train", "--data", "synthetic", "--preset", preset, "--seed", "1", "--out", run);
      const { metrics, uncertainty, selective } = euar(
        "evaluate",
        "--run",
        run,
        "--data",
        "synthetic",
        "--split",
        "test",
      );
      return { preset, metrics, uncertainty, selective };
    });
    for (const [name, { severity }] of Object.entries(uncertainty)) {
      const kinds = Object.entries(severity.byKind).map(
        ([kind, { rho }]) => `${kind} ${rho?.toFixed(2) ?? "n/a"}`,
      );
      lines.push([
        preset,
        name,
        severity.all?.toFixed(2) ?? "n/a",
        kinds.join(", "),
        selective.all.toFixed(3),
        selective.certainHalf.toFixed(3),
      ]);
    }
  }
  return markdownTable(lines);
}

const page = join(root, "docs/results.md");
try {
  for (const [name, make] of Object.entries({ mosi, raw, pom, folds, synthetic })) {
    if (!flags.only.split(",").includes(name)) continue;
    writeSection(page, name, await make());
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
