/**
 * Times `euar` against its peers on one core and writes bench/results/latest.json and the tables of
 * docs/benchmarks.md.
 *
 * npm run bench -- --python PATH [--core 1] [--cases n8-b16,...] [--rounds 8] [--jax-js] [--compile]
 *   [--only step,sequence,scaling,encoder,predict,start,roofline,media] [--minilm FOLDER] [--mpnet FOLDER]
 *
 * Fine-tuning steps are timed for the encoders whose folders are named (all-MiniLM-L6-v2, all-mpnet-base-v2).
 * Without --python (a Python with torch, numpy and safetensors) only our own times are taken. --jax-js
 * installs the jax-js peer into its own folder if it is not there. Results are checked before anything is
 * timed: contestants that compute something else stop the run.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { encoderCases, sequenceCases, stepCases } from "./cases.js";
import { describeMachine } from "./lib/machine.js";
import { benchEncoder } from "./lib/encoder-bench.js";
import { benchMedia } from "./lib/media-bench.js";
import { benchPredict } from "./lib/predict-bench.js";
import { writeTables } from "./lib/report.js";
import { benchRoofline } from "./lib/roofline.js";
import { benchScaling } from "./lib/scaling-bench.js";
import { sequenceBound } from "./lib/sequence-bound.js";
import { benchStart } from "./lib/start-bench.js";
import { benchStep } from "./lib/step-bench.js";

const { values: flags } = parseArgs({
  options: {
    python: { type: "string" },
    core: { type: "string" },
    only: { type: "string", default: "step,sequence,scaling,encoder,predict,start,roofline,media" },
    cases: { type: "string", default: stepCases.map(({ name }) => name).join(",") },
    rounds: { type: "string", default: "8" },
    "block-ms": { type: "string", default: "300" },
    "jax-js": { type: "boolean", default: false },
    compile: { type: "boolean", default: false },
    minilm: { type: "string" },
    mpnet: { type: "string" },
  },
});

const log = (line) => {
  console.log(line);
};
const options = {
  python: flags.python,
  core: flags.core === undefined ? undefined : Number(flags.core),
  jaxJs: false,
  compile: flags.compile,
  rounds: Number(flags.rounds),
  blockMs: Number(flags["block-ms"]),
  log,
};
const parts = flags.only.split(",");
const wanted = flags.cases.split(",");
const resultsFile = new URL("results/latest.json", import.meta.url);
const earlier = readEarlier();
// Clips are timed on two cores. These parts have their own machine description.
const results = parts.every((part) => ["media", "sequence", "scaling", "encoder", "predict"].includes(part))
  ? { machine: describeMachine(), ...earlier }
  : { ...earlier, machine: describeMachine() };

if (flags["jax-js"]) installJaxJs();
if (parts.includes("step")) {
  results.steps ??= {};
  await benchCases(
    stepCases.filter(({ name }) => wanted.includes(name)),
    results.steps,
  );
}
if (parts.includes("sequence")) {
  results.sequence ??= {};
  await benchCases(sequenceCases, results.sequence);
  for (const sequenceCase of sequenceCases) {
    const result = results.sequence[sequenceCase.name];
    Object.assign(result, { machine: describeMachine(), bound: await sequenceBound(sequenceCase) });
  }
}
if (parts.includes("scaling")) {
  log("several threads");
  results.scaling = {
    date: new Date().toISOString(),
    machine: describeMachine(),
    rows: await benchScaling(options),
  };
}
if (parts.includes("encoder")) {
  for (const encoderCase of encoderCases) {
    const folder = flags[encoderCase.encoder];
    if (folder === undefined) continue;
    log(`fine-tuning step ${encoderCase.name}`);
    const result = await benchEncoder(encoderCase, folder, options);
    logRows(result);
    results.encoder ??= {};
    results.encoder[encoderCase.name] = {
      date: new Date().toISOString(),
      machine: describeMachine(),
      ...result,
    };
  }
}
if (parts.includes("predict"))
  results.predict = { machine: describeMachine(), ...(await benchPredict(options)) };
if (parts.includes("start")) results.start = await benchStart(options);
if (parts.includes("media")) results.media = await benchMedia(options);
if (parts.includes("roofline")) results.roofline = await benchRoofline({ log, steps: results.steps });

mkdirSync(new URL("results", import.meta.url), { recursive: true });
writeFileSync(resultsFile, `${JSON.stringify(results, null, 2)}\n`);
writeTables(results);
log("wrote bench/results/latest.json and the tables of docs/benchmarks.md");

/** Reads earlier results. Parts that are not measured this time keep theirs, each with its date. */
function readEarlier() {
  return existsSync(resultsFile) ? JSON.parse(readFileSync(resultsFile, "utf8")) : {};
}

function installJaxJs() {
  const folder = new URL("peers/jax-js/", import.meta.url).pathname;
  if (existsSync(`${folder}node_modules/@jax-js/jax`)) return;
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--no-package-lock"], {
    cwd: folder,
    stdio: "inherit",
  });
}

/** Times each case and stores its result under its name. */
async function benchCases(cases, into) {
  for (const stepCase of cases) {
    log(`step ${stepCase.name}`);
    const result = await benchStep(stepCase, {
      ...options,
      jaxJs: flags["jax-js"] && stepCase.jaxJs === true,
    });
    into[stepCase.name] = { date: new Date().toISOString(), ...result };
    logRows(result);
  }
}

function logRows({ rows }) {
  for (const row of rows)
    log(
      `  ${row.name.padEnd(28)} ${row.ratio} x  (median ${row.medianMs} ms; ` +
        `processor time ${row.cpuMs} ms, ${row.cpuRatio} x)`,
    );
}
