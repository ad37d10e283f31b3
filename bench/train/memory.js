/**
 * Prints the resident memory of a process during 10,000 training steps, on each backend with two threads.
 *
 *     node bench/train/memory.js [--steps 10000] [--case n8-b16]
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Adam } from "euar/models";
import { nativeStatus, Tape, wasmThreads } from "euar/tensor";
import { hidden, learningRate, stepCases, topK, widths } from "../cases.js";
import { modelFromCase, readBatches } from "../lib/model-from-case.js";
import { writeCase } from "./make-case.js";

const { values: flags } = parseArgs({
  options: {
    steps: { type: "string", default: "10000" },
    case: { type: "string", default: "n8-b16" },
    backend: { type: "string" },
    file: { type: "string" },
  },
});
const stepCase = stepCases.find(({ name }) => name === flags.case);
if (!stepCase) throw new Error(`there is no case "${flags.case}"`);

if (flags.backend === undefined || flags.file === undefined) compareBackends();
else await train(flags.backend, flags.file, Number(flags.steps));

/** Runs one process per backend. */
function compareBackends() {
  const folder = mkdtempSync(join(tmpdir(), "euar-bench-"));
  const backends = [
    ...(wasmThreads().available ? ["wasm"] : []),
    ...(nativeStatus().available ? ["native"] : []),
  ];
  try {
    const file = join(folder, "case.safetensors");
    writeCase(stepCase, file);
    for (const backend of backends)
      execFileSync(
        process.execPath,
        [
          fileURLToPath(import.meta.url),
          ...["--backend", backend, "--file", file, "--steps", flags.steps, "--case", flags.case],
        ],
        { stdio: "inherit" },
      );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function train(backendName, file, steps) {
  const bytes = new Uint8Array(readFileSync(file));
  const settings = { ...stepCase, topK, hidden, widths, backend: backendName, threads: 2 };
  const batches = readBatches(bytes, settings);
  const { backend, model } = await modelFromCase(bytes, settings, { sampling: "train" });
  const optimiser = new Adam(model.parameters, { kind: "adam", weightDecay: 0 });
  const line = [];
  for (let step = 0; step < steps; step++) {
    const tape = new Tape(backend);
    const batch = batches[step % batches.length];
    const { losses } = model.forward(tape, batch, { training: true, seed: 1, step });
    tape.backward(losses.total);
    optimiser.step(learningRate);
    backend.endStep();
    if ((step + 1) % (steps / 10) === 0) line.push(Math.round(process.memoryUsage().rss / 2 ** 20));
  }
  console.log(`${backend.engine}: MiB after each tenth of ${steps} steps: ${line.join(" ")}`);
}
