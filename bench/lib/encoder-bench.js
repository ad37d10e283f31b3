import { compareSteps, ownContestants, starterOf, variantsOf } from "./compare-steps.js";

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
 * @param {{ python?: string, core?: number, rounds: number, blockMs: number, log: (line: string) => void }}
 * options
 */
export async function benchEncoder(encoderCase, folder, options) {
  const start = starterOf(folder, encoderCase, options.core);
  const contestants = ownContestants(start, "encoder/step.js");
  if (options.python !== undefined) {
    const child = start("peers/encoder_step.py", "pytorch", options.python);
    contestants.push(...variantsOf(child, pytorchVariants));
  }
  const compared = await compareSteps(contestants, { ...options, checkedSteps });
  return { case: encoderCase.name, ...compared };
}
