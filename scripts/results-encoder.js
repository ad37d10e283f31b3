// Fine-tunes a pretrained text encoder on CMU-MOSI and writes the first table of docs/results.md:
//   npm run results:encoder -- --data mosi_standard_la.pkl --encoder FOLDER [--seeds 1,2,3,4,5] [--work FOLDER]
// FOLDER holds all-mpnet-base-v2 as a model hub lays it out. Runs go to --work (else to a folder that is removed
// at the end). Runs that are finished there are not repeated.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { euar, meanAndDeviation, markdownTable, results, root, writeSection } from "./lib/result-rows.js";

const { values: flags } = parseArgs({
  options: {
    data: { type: "string", default: "" },
    encoder: { type: "string", default: "" },
    seeds: { type: "string", default: "1,2,3,4,5" },
    work: { type: "string" },
  },
});
if (!existsSync(flags.data)) throw new Error(`no data set at "${flags.data}": name it with --data`);
if (!existsSync(join(flags.encoder, "config.json")))
  throw new Error(`no encoder at "${flags.encoder}": name its folder with --encoder`);
const work = resolve(flags.work ?? mkdtempSync(join(tmpdir(), "euar-encoder-")));

const tuned = ["--config", join(root, "configs/mosi-encoder.json"), "--arithmetic", "fast"];
const ROWS = [
  {
    name: "frozen",
    label: "ridge on the frozen encoder, layer 7",
    inputs: "text",
    args: ["--model", "ridge", "--text-layers", "7", "--text-train", "0", "--epochs", "20"],
    deterministic: true,
  },
  { name: "plain", label: "fine-tuned, plain head", inputs: "text", args: ["--model", "linear", ...tuned] },
  {
    name: "euar",
    label: "fine-tuned, EUAR",
    inputs: "text,audio",
    args: ["--model", "euar", ...tuned],
  },
];
const METRICS = ["Non0_acc_2", "MAE", "Corr", "Mult_acc_7"];

function measured({ name, inputs, args, deterministic }) {
  const seeds = deterministic ? "1" : flags.seeds;
  const { config, metrics, deviations } = euar(
    "train",
    ...["--data", flags.data, "--modalities", inputs, "--text-encoder", flags.encoder],
    ...args,
    ...["--seeds", seeds, "--resume", "--out", join(work, name)],
  );
  const { model, train } = config;
  const row = { model: model.name, train, inputs, seeds, metrics, deviations };
  writeFileSync(join(results, `encoder-${name}.json`), `${JSON.stringify(row, null, 1)}\n`);
  return row;
}

/** One run has no deviation. */
const cells = ({ seeds, metrics, deviations }, split) =>
  METRICS.map((metric) =>
    seeds.includes(",")
      ? meanAndDeviation(metrics[split][metric], deviations[split][metric])
      : metrics[split][metric].toFixed(3),
  );
const lines = ROWS.map((row) => {
  const result = measured(row);
  const seeds = result.seeds.split(",").length;
  return [
    row.label,
    row.inputs.replace(",", " + "),
    row.deterministic ? "none" : String(seeds),
    ...cells(result, "valid"),
    ...cells(result, "test"),
  ];
});
const head = [
  "MPNet",
  "inputs",
  "seeds",
  ...["valid", "test"].flatMap((s) => METRICS.map((m) => `${s} ${m}`)),
];
writeSection(join(root, "docs/results.md"), "encoder", markdownTable([head, ...lines]));
if (flags.work === undefined) rmSync(work, { recursive: true });
