// Trains the rows of docs/results.md through the command line and writes the tables. Needs the real data (docs/results.md says which):
//   npm run results -- --data FOLDER [--only mosi,pom,folds,synthetic]
// Finished rows are kept in docs/results/ and not trained again; delete a file there to repeat its row.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

const root = new URL("..", import.meta.url).pathname;
const { values: flags } = parseArgs({ options: { data: { type: "string", default: process.env.EUAR_DATA ?? "" }, only: { type: "string", default: "mosi,pom,folds,synthetic" } } });
if (!existsSync(flags.data)) throw new Error(`no data at "${flags.data}": name the folder with --data or EUAR_DATA`);
const data = resolve(flags.data);
const results = join(root, "docs/results");
const scratch = mkdtempSync(join(tmpdir(), "euar-results-"));
const seeds = "1,2,3,4,5";
mkdirSync(results, { recursive: true });

function euar(...args) {
  const run = spawnSync(process.execPath, [join(root, "bin/euar.js"), ...args, "--json"], { encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "inherit"] });
  const answer = JSON.parse(run.stdout);
  if (run.status !== 0) throw new Error(`euar ${args.join(" ")}: ${answer.error?.message ?? run.status}`);
  return answer;
}

/** Means and deviations over the seeds; from docs/results/NAME.json if it is there. */
function row(name, args) {
  const file = join(results, `${name}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8"));
  const { config, metrics, deviations } = euar("train", ...args, "--seeds", seeds, "--out", join(scratch, name));
  const { train, model, data: { name: source, modalities, sizes } } = config;
  const kept = { model, train, data: { name: source, modalities, sizes }, seeds, metrics, deviations };
  writeFileSync(file, `${JSON.stringify(kept, null, 1)}\n`);
  return kept;
}

/** What a data set without a recipe of its own is measured with. */
const plain = [
  ["linear", "linear", ["--config", join(root, "configs/linear.json")]],
  ["EUAR, defaults", "default", []],
];

const cell = (result, split, name) => {
  const value = result.metrics[split][name];
  return value === null || value === undefined ? "n/a" : `${value.toFixed(3)} ± ${(result.deviations[split][name] ?? 0).toFixed(3)}`;
};

function table(names, rows) {
  const head = ["model", "inputs", ...names.map((name) => `valid ${name}`), ...names.map((name) => `test ${name}`)];
  const lines = rows.map(([model, inputs, result]) => [model, inputs, ...names.map((name) => cell(result, "valid", name)), ...names.map((name) => cell(result, "test", name))]);
  return [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function mosi() {
  const file = join(data, "mosi/mosi_standard_la.pkl");
  const models = [
    ["linear", "mosi-linear"],
    ["EUAR, chosen recipe", "mosi-euar"],
    ["EUAR, `centre` recipe", "mosi-euar-centre"],
    ["EUAR, defaults", undefined],
  ];
  const rows = [];
  for (const inputs of ["text", "audio", "text,audio"]) {
    for (const [label, config] of models) {
      const args = ["--data", file, "--modalities", inputs, ...(config ? ["--config", join(root, `configs/${config}.json`)] : [])];
      rows.push([label, inputs.replace(",", " + "), row(`${config ?? "mosi-default"}-${inputs.replace(",", "-")}`, args)]);
    }
  }
  return table(["Non0_acc_2", "MAE", "Corr", "Mult_acc_7"], rows);
}

function pom() {
  const features = (split) => ({ features: { audio: join(data, `pom/audio_${split}.npy`), video: join(data, `pom/video_${split}.npy`) }, labels: join(data, `pom/y_${split}.npy`) });
  const targets = Array.from({ length: 17 }, (_, i) => `t${i}`);
  const description = { name: "POM", task: { kind: "regression", targets }, splits: { train: features("train"), valid: features("valid"), test: features("test") } };
  const folder = join(scratch, "pom");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "dataset.json"), JSON.stringify(description));
  const rows = plain.flatMap(([label, short, args]) =>
    ["audio", "video", "audio,video"].map((inputs) => [
      label, inputs.replace(",", " + "), row(`pom-${short}-${inputs.replace(",", "-")}`, ["--data", folder, "--modalities", inputs, ...args]),
    ]),
  );
  return table(["MAE", "Corr"], rows);
}

function folds() {
  const rows = [0, 1, 2, 3, 4].flatMap((fold) => {
    const file = join(data, `mosi/mosi752_lav_fold${fold}.pkl`);
    return plain.map(([label, short, args]) => [label, `fold ${fold}`, row(`folds-${short}-${fold}`, ["--data", file, ...args])]);
  });
  return table(["Non0_acc_2", "MAE", "Corr"], rows);
}

/** One run per preset on the embedded data, then `euar evaluate` on its test split. */
function synthetic() {
  const lines = [["preset", "modality", "Spearman, all", "by kind (with the clean samples)", "MAE all", "MAE of the certain half"]];
  for (const preset of ["paper", "paper-32"]) {
    const file = join(results, `synthetic-${preset}.json`);
    if (!existsSync(file)) {
      const run = join(scratch, preset);
      euar("train", "--data", "synthetic", "--preset", preset, "--seed", "1", "--out", run);
      const { metrics, uncertainty, selective } = euar("evaluate", "--run", run, "--data", "synthetic", "--split", "test");
      writeFileSync(file, `${JSON.stringify({ preset, metrics, uncertainty, selective }, null, 1)}\n`);
    }
    const { uncertainty, selective } = JSON.parse(readFileSync(file, "utf8"));
    for (const [name, { severity }] of Object.entries(uncertainty)) {
      const kinds = Object.entries(severity.byKind).map(([kind, { rho }]) => `${kind} ${rho?.toFixed(2) ?? "n/a"}`);
      lines.push([preset, name, severity.all?.toFixed(2) ?? "n/a", kinds.join(", "), selective.all.toFixed(3), selective.certainHalf.toFixed(3)]);
    }
  }
  lines.splice(1, 0, lines[0].map(() => "---"));
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

const page = join(root, "docs/results.md");
try {
  for (const [name, make] of Object.entries({ mosi, pom, folds, synthetic })) {
    if (!flags.only.split(",").includes(name)) continue;
    const text = readFileSync(page, "utf8");
    const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const [from, to] = [text.indexOf(start), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`${page} lacks the markers of ${name}`);
    writeFileSync(page, `${text.slice(0, from)}${start}\n\n${make()}\n\n${text.slice(to)}`);
    console.error(`${name}: written`);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
