import { join } from "node:path";
import { nativeStatus } from "euar/tensor";
import { compareSteps } from "./compare-steps.js";
import { startContestant } from "./child.js";

const here = new URL("..", import.meta.url).pathname;

/**
 * Number of steps whose losses must agree. The fifth step returns to the first batch. By then the embeddings
 * differ a little: euar updates only the rows that a batch uses, PyTorch all rows that were ever used.
 */
const checkedSteps = 4;

/** Competing PyTorch versions of AdamW. */
const pytorchVariants = ["fused", "foreach", "default"];

/**
 * Times a fine-tuning step of a text encoder under a linear head: ours on WebAssembly and on native kernels,
 * and PyTorch with the encoder of `transformers`.
 * @param {import("../cases.js").EncoderCase} encoderCase
 * @param {string} folder encoder as a model hub lays it out
 * @param {{ python?: string, core?: number, rounds: number, blockMs: number, log: (line: string) => void }} options
 */
export async function benchEncoder(encoderCase, folder, options) {
  const start = (name, command, script, more = {}) =>
    startContestant(
      name,
      command,
      [join(here, script), folder, JSON.stringify({ ...encoderCase, ...more })],
      options.core,
    );
  const children = [];
  const contestants = [];
  const add = (child, ...variants) => {
    children.push(child);
    for (const variant of variants)
      contestants.push(
        variant === undefined
          ? { name: child.name, child }
          : { name: `${child.name} ${variant}`, child, variant },
      );
  };
  add(start("euar", process.execPath, "encoder/step.js"), undefined);
  for (const arithmetic of nativeStatus().available ? ["exact", "fast"] : []) {
    const name = arithmetic === "exact" ? "euar native" : "euar native, fast arithmetic";
    add(
      start(name, process.execPath, "encoder/step.js", { backend: "native", threads: 1, arithmetic }),
      undefined,
    );
  }
  if (options.python !== undefined)
    add(start("pytorch", options.python, "peers/encoder_step.py"), ...pytorchVariants);
  try {
    const versions = {};
    for (const child of children) Object.assign(versions, await child.ask({ ask: "versions" }));
    return {
      case: encoderCase.name,
      versions,
      ...(await compareSteps(contestants, { ...options, checkedSteps })),
    };
  } finally {
    for (const child of children) child.stop();
  }
}
