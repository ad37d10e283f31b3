/**
 * Measures the gain of relaxed SIMD's fused multiply-add for a step's two dominant kernels. The same sources
 * are compiled once for the exact arithmetic, and once for the fast one, which gives other bits on other
 * machines. Needs an engine with relaxed SIMD (Node 22 or later):
 *
 *     node bench/kernels/relaxed.js [--seconds 5]
 *
 * The two versions take turns. The ratios are those of the fastest turns.
 */
import { parseArgs } from "node:util";
import { median, significant } from "../lib/statistics.js";
import { compileVariants, Sandbox } from "./module.js";
import { makeModality, outputs, widths } from "./problem.js";
import { requireAgreement } from "./reference.js";

const { values: flags } = parseArgs({ options: { seconds: { type: "string", default: "5" } } });
const cases = [
  [8, 16],
  [32, 16],
  [64, 16],
  [8, 256],
];
const at = (view) => view.byteOffset;

const modules = [await compileVariants(), await compileRelaxed()];
for (const [experts, batch] of cases) {
  const [plain, relaxed] = modules.map((module) => makeContestant(module, experts, batch));
  requireAgreement(
    "the forward pass with fused multiply-add",
    relaxed.modalities[0].out,
    plain.modalities[0].out,
    1e-5,
  );
  for (const start = performance.now(); performance.now() - start < 1000 * Number(flags.seconds);)
    for (const contestant of [plain, relaxed]) takeTurn(contestant);
  const gain = (part) => significant(fastestOf(plain.times, part) / fastestOf(relaxed.times, part));
  console.log(
    `N = ${experts}, batch ${batch}: fused multiply-add makes the forward pass ` +
      `${gain(({ forward }) => forward)} x as fast, Adam ${gain(({ adam }) => adam)} x, both ` +
      `${gain(({ forward, adam }) => forward + adam)} x`,
  );
}

async function compileRelaxed() {
  try {
    return await compileVariants({ relaxed: true });
  } catch (cause) {
    throw new Error("this engine does not support relaxed SIMD; Node 22 does", { cause });
  }
}

function makeContestant(module, experts, batch) {
  const sandbox = new Sandbox(module, 2 * experts + 64);
  sandbox.kernels.adamSettings(1e-4, 0.9, 0.999, 1e-8, 0, 0, 1);
  const modalities = widths.map((width, i) => makeModality(sandbox, width, experts, batch, `modality ${i}`));
  const contestant = { kernels: sandbox.kernels, modalities, work: sandbox.floats(1 << 16), times: [] };
  runForward(contestant);
  return contestant;
}

function runForward({ kernels, modalities }) {
  for (const m of modalities)
    kernels.groupedLinear(
      at(m.x),
      at(m.weight),
      at(m.bias),
      at(m.offsets),
      at(m.rows),
      m.experts,
      m.inputs,
      outputs,
      at(m.out),
      outputs,
    );
}

function runAdam({ kernels, modalities, work }) {
  for (const m of modalities) {
    kernels.adamGrouped(
      at(m.weight),
      at(m.first),
      at(m.second),
      at(m.x),
      at(m.dout),
      at(m.offsets),
      at(m.rows),
      m.experts,
      m.inputs,
      outputs,
      at(m.steps),
      at(work),
    );
  }
}

/** Runs some steps and returns the median of each part. */
function takeTurn(contestant) {
  const steps = Array.from({ length: 7 }, () => {
    const from = performance.now();
    runForward(contestant);
    const between = performance.now();
    runAdam(contestant);
    return { forward: between - from, adam: performance.now() - between };
  });
  contestant.times.push({
    forward: median(steps.map(({ forward }) => forward)),
    adam: median(steps.map(({ adam }) => adam)),
  });
}

function fastestOf(times, part) {
  return Math.min(...times.map(part));
}
