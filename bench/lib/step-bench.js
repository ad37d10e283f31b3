import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hidden, learningRate, topK, widths } from "../cases.js";
import { writeCase } from "../train/make-case.js";
import { compareSteps, ownContestants, starterOf, variantsOf } from "./compare-steps.js";

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
  const start = starterOf(file, setup, options.core);
  const contestants = ownContestants(start, "train/step.js");
  if (options.python !== undefined) {
    const child = start("peers/pytorch_step.py", "pytorch", options.python);
    const variants = options.compile
      ? [...pytorchVariants, "dense+fused+compile", "loop+fused+compile"]
      : pytorchVariants;
    contestants.push(...variantsOf(child, variants));
  }
  if (options.jaxJs)
    contestants.push({
      name: "jax-js",
      child: start("peers/jax-js/step.js", "jax-js", process.execPath),
    });
  try {
    const { name, experts, batch } = stepCase;
    return { case: name, experts, batch, ...(await compareSteps(contestants, options)) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
