/**
 * How many times as fast a training step is with several threads as with one, on each backend. Checks first
 * that the losses are equal. Not part of `npm run bench`, which measures one core.
 *
 *     node bench/train/scaling.js [--threads N] [--cases n8-b256,sequence-t50-b16] [--rounds 7]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { nativeStatus, wasmThreads } from "euar/tensor";
import { hidden, learningRate, sequenceCases, stepCases, topK, widths } from "../cases.js";
import { compareSteps, starterOf } from "../lib/compare-steps.js";
import { writeCase } from "./make-case.js";

const { values: flags } = parseArgs({
  options: {
    threads: { type: "string", default: String(availableParallelism()) },
    cases: { type: "string", default: "n8-b256,sequence-t50-b16" },
    rounds: { type: "string", default: "7" },
  },
});
const threads = Number(flags.threads);
const names = flags.cases.split(",");
const backends = [
  ...(wasmThreads().available ? ["wasm"] : []),
  ...(nativeStatus().available ? ["native"] : []),
];
console.log(`load before the start: ${loadavg()[0].toFixed(1)} on ${availableParallelism()} cores`);

for (const stepCase of [...stepCases, ...sequenceCases].filter(({ name }) => names.includes(name))) {
  const folder = mkdtempSync(join(tmpdir(), "euar-bench-"));
  try {
    const file = join(folder, "case.safetensors");
    writeCase(stepCase, file);
    const start = starterOf(file, { ...stepCase, topK, hidden, widths, learningRate });
    for (const backend of backends) await compare(stepCase.name, backend, start);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compare(name, backend, start) {
  const contestants = [threads, 1].map((count) => ({
    name: `${backend}, ${count} thread${count === 1 ? "" : "s"}`,
    child: start("train/step.js", backend, process.execPath, { backend, threads: count }),
  }));
  const options = { rounds: Number(flags.rounds), blockMs: 400, log: () => {} };
  const { rows } = await compareSteps(contestants, options);
  const [several, one] = rows;
  const range = one.ratioRange.join(" to ");
  const cpu = (1 / one.cpuRatio).toFixed(2);
  console.log(
    `${name}, ${backend}: ${one.ratio} (${range}) times as fast with ${threads} threads as with one ` +
      `(fastest steps ${(one.fastestMs / several.fastestMs).toFixed(2)}; processor time x ${cpu})`,
  );
}
