import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hidden, learningRate, topK, widths } from "../cases.js";
import { writeCase } from "../train/make-case.js";
import { nativeStatus } from "euar/tensor";
import { startContestant } from "./child.js";
import { median, quantile, significant } from "./statistics.js";

const here = new URL("..", import.meta.url).pathname;
const checkedSteps = 5;
const tolerance = 1e-3;

/**
 * The ways of writing the step in PyTorch that compete; the fastest of them is the one that ratios are taken
 * against. The last is the step as one writes it.
 */
const pytorchVariants = [
  "dense+fused",
  "loop+fused",
  "dense+foreach",
  "loop+foreach",
  "dense+default",
  "loop+default",
  "plain+default",
];

/**
 * Times one case. First every contestant must reach the same losses from the same weights and batches; then
 * blocks of steps alternate between them, round after round, and each round gives one ratio.
 * @param {import("../cases.js").StepCase} stepCase
 * @param {{ python?: string, core?: number, jaxJs: boolean, compile: boolean, rounds: number, blockMs:
 * number, log: (line: string) => void }} options
 */
export async function benchStep(stepCase, options) {
  const folder = mkdtempSync(join(tmpdir(), "euar-bench-"));
  const file = join(folder, "case.safetensors");
  writeCase(stepCase, file);
  const setup = { ...stepCase, topK, hidden, widths, learningRate };
  const start = (name, command, script, more = {}) =>
    startContestant(
      name,
      command,
      [join(here, script), file, JSON.stringify({ ...setup, ...more })],
      options.core,
    );
  const children = [start("euar", process.execPath, "train/step.js")];
  const contestants = [{ name: "euar", child: children[0] }];
  for (const arithmetic of nativeStatus().available ? ["exact", "fast"] : []) {
    const name = arithmetic === "exact" ? "euar native" : "euar native, fast arithmetic";
    const more = { backend: "native", threads: 1, arithmetic };
    const child = start(name, process.execPath, "train/step.js", more);
    children.push(child);
    contestants.push({ name, child });
  }
  if (options.python !== undefined) {
    const child = start("pytorch", options.python, "peers/pytorch_step.py");
    children.push(child);
    const variants = options.compile
      ? [...pytorchVariants, "dense+fused+compile", "loop+fused+compile"]
      : pytorchVariants;
    for (const variant of variants) contestants.push({ name: `pytorch ${variant}`, child, variant });
  }
  if (options.jaxJs) {
    const child = start("jax-js", process.execPath, "peers/jax-js/step.js");
    children.push(child);
    contestants.push({ name: "jax-js", child });
  }
  try {
    const versions = {};
    for (const child of children) Object.assign(versions, await child.ask({ ask: "versions" }));
    const losses = await checkLosses(contestants, options.log);
    const rounds = await alternate(contestants, options);
    return {
      case: stepCase.name,
      experts: stepCase.experts,
      batch: stepCase.batch,
      versions,
      losses,
      ...summarise(contestants, rounds),
    };
  } finally {
    for (const child of children) child.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function checkLosses(contestants, log) {
  let expected;
  for (const { name, child, variant } of contestants) {
    const { losses } = await child.ask({ ask: "check", steps: checkedSteps, variant });
    expected ??= losses;
    const worst = Math.max(...losses.map((loss, i) => Math.abs(loss / expected[i] - 1)));
    if (!(worst <= tolerance))
      throw new Error(
        `${name} does not compute the same: losses ${losses.join(", ")}, expected ${expected.join(", ")}`,
      );
    log(`  ${name}: first ${checkedSteps} losses agree within ${worst.toExponential(1)}`);
  }
  return expected;
}

async function alternate(contestants, { rounds, blockMs, log }) {
  const steps = new Map();
  for (const { name, child, variant } of contestants) {
    const { ms } = await child.ask({ ask: "time", steps: 10, variant });
    steps.set(name, Math.min(500, Math.max(5, Math.ceil(blockMs / median(ms)))));
  }
  const results = new Map(
    contestants.map(({ name }) => [name, { medians: [], cpu: [], fastest: Infinity, parts: [] }]),
  );
  for (let round = 0; round < rounds; round++) {
    for (const { name, child, variant } of contestants) {
      const { ms, cpuMs, parts } = await child.ask({
        ask: "time",
        steps: steps.get(name),
        variant,
        parts: true,
      });
      const result = results.get(name);
      result.medians.push(median(ms));
      result.cpu.push(cpuMs);
      result.fastest = Math.min(result.fastest, ...ms);
      if (parts) result.parts.push(parts);
    }
    log(`  round ${round + 1} of ${rounds}`);
  }
  return results;
}

function summarise(contestants, results) {
  const ours = results.get("euar");
  const rows = contestants.map(({ name }) => {
    const { medians, cpu, fastest, parts } = results.get(name);
    const ratios = medians.map((value, round) => value / ours.medians[round]);
    const row = {
      name,
      medianMs: significant(median(medians), 4),
      fastestMs: significant(fastest, 4),
      ratio: significant(median(ratios)),
      ratioRange: [significant(quantile(ratios, 0.25)), significant(quantile(ratios, 0.75))],
    };
    row.cpuMs = significant(median(cpu), 4);
    row.cpuRatio = significant(median(cpu.map((value, round) => value / ours.cpu[round])));
    if (parts.length > 0) {
      row.partsMs = Object.fromEntries(
        Object.keys(parts[0]).map((part) => [
          part,
          significant(median(parts.map((p) => median(p[part]))), 3),
        ]),
      );
    }
    return row;
  });
  const fastestPeer = (prefix) =>
    rows.filter(({ name }) => name.startsWith(prefix)).sort((a, b) => a.ratio - b.ratio)[0];
  return { rows, pytorch: fastestPeer("pytorch"), jaxJs: fastestPeer("jax-js") };
}
