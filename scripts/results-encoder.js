// Fine-tunes pretrained text encoders on CMU-MOSI and writes the first table of docs/results.md:
// npm run results:encoder -- --data mosi_standard_la.pkl [--mpnet FOLDER] [--minilm FOLDER]
//   [--texts utterances.tsv] [--rows plain,euar] [--seeds 1,2,3,4,5] [--work FOLDER]
// The folders hold all-mpnet-base-v2 and all-MiniLM-L6-v2 in the layout of model hubs. Rows whose encoder is
// not named, or that --rows leaves out, keep their numbers in docs/results. So does the row of `euar extract`
// without --texts: a table of the same clips with the columns id, split, label and text. Runs go to --work
// (default: a temporary folder). Finished runs in it are not repeated.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { euar, keep, metricTable, root, stored, trained, writeSection } from "./lib/result-rows.js";

const { values: flags } = parseArgs({
  options: {
    data: { type: "string", default: "" },
    mpnet: { type: "string" },
    minilm: { type: "string" },
    texts: { type: "string" },
    rows: { type: "string" },
    seeds: { type: "string", default: "1,2,3,4,5" },
    work: { type: "string" },
  },
});
if (!existsSync(flags.data)) throw new Error(`no data set at "${flags.data}": name it with --data`);
for (const name of ["mpnet", "minilm"])
  if (flags[name] !== undefined && !existsSync(join(flags[name], "config.json")))
    throw new Error(`no encoder at "${flags[name]}": name its folder with --${name}`);
const work = resolve(flags.work ?? mkdtempSync(join(tmpdir(), "euar-encoder-")));
const only = flags.rows?.split(",");

const tuned = (config) => ["--config", join(root, `configs/${config}.json`), "--arithmetic", "fast"];
const frozen = ["--text-layers", "7", "--text-train", "0"];
const ROWS = [
  {
    name: "frozen",
    label: "MPNet frozen, layer 7, ridge",
    encoder: "mpnet",
    inputs: "text",
    args: ["--model", "ridge", ...frozen, "--epochs", "20"],
    deterministic: true,
  },
  {
    name: "frozen-euar",
    label: "MPNet frozen, layer 7, EUAR",
    encoder: "mpnet",
    inputs: "text,audio",
    args: ["--model", "euar", ...frozen],
  },
  {
    name: "frozen-euar-recipe",
    label: "MPNet frozen, layer 7, EUAR, recipe",
    encoder: "mpnet",
    inputs: "text,audio",
    args: ["--model", "euar", "--config", join(root, "configs/mosi-euar.json"), ...frozen],
  },
  {
    name: "extracted-euar-recipe",
    label: "MPNet layer 7 by `euar extract`, EUAR, recipe",
    encoder: "mpnet",
    inputs: "text",
    extracts: "layer=7",
    args: ["--model", "euar", "--config", join(root, "configs/mosi-euar.json")],
  },
  {
    name: "minilm",
    label: "MiniLM fine-tuned whole, plain head",
    encoder: "minilm",
    inputs: "text",
    args: ["--model", "linear", ...tuned("mosi-minilm")],
  },
  {
    name: "plain",
    label: "MPNet fine-tuned, plain head",
    encoder: "mpnet",
    inputs: "text",
    args: ["--model", "linear", ...tuned("mosi-encoder")],
  },
  {
    name: "mlp",
    label: "MPNet fine-tuned, MLP experts",
    encoder: "mpnet",
    inputs: "text,audio",
    args: ["--model", "euar", ...tuned("mosi-encoder"), "--preset", "mlp-experts"],
  },
  {
    name: "euar-text",
    label: "MPNet fine-tuned, EUAR",
    encoder: "mpnet",
    inputs: "text",
    args: ["--model", "euar", ...tuned("mosi-encoder")],
  },
  {
    name: "euar",
    label: "MPNet fine-tuned, EUAR",
    encoder: "mpnet",
    inputs: "text,audio",
    args: ["--model", "euar", ...tuned("mosi-encoder")],
  },
];
const METRICS = ["Non0_acc_2", "MAE", "Corr", "Mult_acc_7"];

function train({ name, encoder, inputs, args, extracts, deterministic }) {
  const data =
    extracts === undefined
      ? ["--data", flags.data, "--modalities", inputs, "--text-encoder", flags[encoder]]
      : ["--data", extracted(encoder, extracts), "--modalities", inputs];
  const result = trained(join(work, name), [...data, ...args, "--resume"], deterministic ? "1" : flags.seeds);
  return keep(`encoder-${name}`, { ...result, inputs });
}

/** Returns the folder with features of the texts. */
function extracted(encoder, options) {
  const out = join(work, `features-${encoder}`);
  const adapter = `text/encoder:folder=${resolve(flags[encoder])},${options}`;
  if (!existsSync(join(out, "dataset.json")))
    euar("extract", flags.texts, "--media", "text=text:text", "--text", adapter, "--out", out);
  return out;
}

const rows = ROWS.flatMap((row) => {
  const isAsked =
    flags[row.encoder] !== undefined &&
    (row.extracts === undefined || flags.texts !== undefined) &&
    (only?.includes(row.name) ?? true);
  const result = isAsked ? train(row) : stored(`encoder-${row.name}`);
  const { label, inputs, deterministic } = row;
  return result ? [[label, inputs.replace(",", " + "), { ...result, deterministic }]] : [];
});
const seedsOf = ({ deterministic, seeds }) => (deterministic ? "none" : String(seeds.split(",").length));
writeSection(
  join(root, "docs/results.md"),
  "encoder",
  metricTable(METRICS, rows, { first: "text encoder and head", seedsOf }),
);
if (flags.work === undefined) rmSync(work, { recursive: true });
