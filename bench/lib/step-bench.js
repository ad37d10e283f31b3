import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hidden, learningRate, topK, widths } from "../cases.js";
import { writeCase } from "../train/make-case.js";
import { nativeStatus } from "euar/tensor";
import { startContestant } from "./child.js";
import { compareSteps } from "./compare-steps.js";

const here = new URL("..", import.meta.url).pathname;

/** Competing PyTorch versions of the step. Ratios use the fastest of them. The last one is the usual form. */
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
 * Times one case. First, every contestant must reach the same losses from the same weights and batches. Then
 * blocks of steps alternate between them in rounds, and each round gives one ratio.
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
    const compared = await compareSteps(contestants, options);
    return { case: stepCase.name, experts: stepCase.experts, batch: stepCase.batch, versions, ...compared };
  } finally {
    for (const child of children) child.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
