// Fine-tunes a pretrained text encoder on CMU-MOSI and writes the first table of docs/results.md:
// npm run results:encoder -- --data mosi_standard_la.pkl --encoder FOLDER [--seeds 1,2,3,4,5] [--work FOLDER]
// FOLDER holds all-mpnet-base-v2 in the layout of model hubs. Runs go to --work (default: a temporary
// folder). Finished runs in it are not repeated.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { keep, metricTable, root, trained, writeSection } from "./lib/result-rows.js";

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

const rows = ROWS.map(({ name, label, inputs, args, deterministic }) => {
  const data = ["--data", flags.data, "--modalities", inputs, "--text-encoder", flags.encoder];
  const result = trained(join(work, name), [...data, ...args, "--resume"], deterministic ? "1" : flags.seeds);
  return [label, inputs.replace(",", " + "), keep(`encoder-${name}`, { ...result, inputs, deterministic })];
});
const seedsOf = ({ deterministic, seeds }) => (deterministic ? "none" : String(seeds.split(",").length));
writeSection(
  join(root, "docs/results.md"),
  "encoder",
  metricTable(METRICS, rows, { first: "MPNet", seedsOf }),
);
if (flags.work === undefined) rmSync(work, { recursive: true });
