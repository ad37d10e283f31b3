import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { nativeStatus, wasmThreads } from "euar/tensor";
import { hidden, learningRate, sequenceCases, stepCases, topK, widths } from "../cases.js";
import { writeCase } from "../train/make-case.js";
import { compareSteps, starterOf, variantsOf } from "./compare-steps.js";
import { significant } from "./statistics.js";

/** Large enough for several threads. */
const names = ["n8-b256", "sequence-t50-b16"];
const pytorchVariants = ["dense+fused", "loop+fused"];

/**
 * Times a training step with several threads against one thread, on each backend, and against PyTorch with as
 * many threads. Not pinned to a core. All contestants must reach the same losses first.
 * @param {{ python?: string, rounds: number, blockMs: number, log: (line: string) => void }} options
 */
export async function benchScaling(options) {
  const threads = Math.min(2, availableParallelism());
  const results = [];
  for (const stepCase of [...stepCases, ...sequenceCases].filter(({ name }) => names.includes(name))) {
    const folder = mkdtempSync(join(tmpdir(), "euar-bench-"));
    try {
      const file = join(folder, "case.safetensors");
      writeCase(stepCase, file);
      const start = starterOf(file, { ...stepCase, topK, hidden, widths, learningRate });
      for (const backend of backends()) results.push(await compare(stepCase.name, backend, start));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return results;

  async function compare(name, backend, start) {
    const contestants = [threads, 1].map((count) => ({
      name: `${count} threads`,
      child: start("train/step.js", backend, process.execPath, { backend, threads: count }),
    }));
    if (options.python !== undefined) {
      const child = start("peers/pytorch_step.py", "pytorch", options.python, { threads });
      contestants.push(...variantsOf(child, pytorchVariants));
    }
    const { rows, pytorch } = await compareSteps(contestants, options);
    const [several, one] = rows;
    const result = {
      case: name,
      backend,
      threads,
      ratio: one.ratio,
      ratioRange: one.ratioRange,
      fastestRatio: significant(one.fastestMs / several.fastestMs),
      pytorch: pytorch && { name: pytorch.name, ratio: pytorch.ratio, ratioRange: pytorch.ratioRange },
    };
    options.log(
      `  ${name}, ${backend}: ${result.ratio} x with ${threads} threads (fastest steps ` +
        `${result.fastestRatio} x); PyTorch with as many: ${pytorch?.ratio ?? "not measured"} x`,
    );
    return result;
  }
}

function backends() {
  return [...(wasmThreads().available ? ["wasm"] : []), ...(nativeStatus().available ? ["native"] : [])];
}
