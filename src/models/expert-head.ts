import { outputsOf } from "../data/dataset.js";
import { PredictionHead } from "../nn/prediction-head.js";
import type { ParameterSet } from "../nn/parameter-set.js";
import type { SampleDraws } from "../nn/sample-draws.js";
import { add } from "../tensor/ops/elementwise.js";
import { concat } from "../tensor/ops/shape-ops.js";
import type { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";
import type { EuarConfig } from "./euar-config.js";
import type { ExpertHead } from "./expert-answer.js";
import { isLateFusion } from "./late-fusion.js";
import type { DataSignature } from "./model.js";
import { ModalityPredictions } from "./modality-predictions.js";

/** Creates the head that a configuration names. Parameters: `head/...`. */
export function createHead(
  parameters: ParameterSet,
  signature: DataSignature,
  config: EuarConfig,
): ExpertHead {
  const { hidden, head, headNorm: norm, dropout, fusion } = config;
  const outputs = outputsOf(signature.task);
  if (isLateFusion(fusion))
    return new ModalityPredictions(parameters, "head", signature, {
      inputs: hidden,
      hidden: head,
      norm,
      dropout,
      fusion,
    });
  if (head === null) throw new RangeError("only predictions of each modality go without a head"); // checked
  const inputs = hidden * (fusion === "concat" ? signature.modalities.length : 1);
  const joint = new PredictionHead(parameters, "head", { inputs, hidden: head, outputs, norm, dropout });
  const again = (draws: SampleDraws) => (tape: Tape, blocks: readonly Tensor[]) =>
    joint.forward(tape, joined(tape, blocks, fusion), draws);
  return {
    bias: joint.bias,
    answer: (tape, { blocks }, draws) => ({
      prediction: again(draws)(tape, blocks), // [B, outputs]
      again: again(draws),
    }),
  };
}

/** Returns the joint feature: [B, M * H], or [B, H] for the sum. */
export function joined(tape: Tape, blocks: readonly Tensor[], fusion: EuarConfig["fusion"]): Tensor {
  return fusion === "add" ? blocks.reduce((sum, block) => add(tape, sum, block)) : concat(tape, blocks, 1);
}
