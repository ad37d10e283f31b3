import { outputsOf } from "../../data/dataset.js";
import { taskLoss } from "../../nn/losses/task.js";
import { PredictionHead } from "../../nn/prediction-head.js";
import { RecurrentUnit } from "../../nn/recurrent.js";
import { reshape } from "../../tensor/ops/shape-ops.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { MctnConfig } from "./mctn-config.js";
import type { Fusion, FusionParts } from "./shared/baseline.js";
import { recoveryError } from "./shared/recovery-error.js";
import { countedSteps, droppedSteps, sequenceSteps } from "./shared/sequence-steps.js";
import { SequenceTranslation } from "./shared/sequence-translation.js";

/**
 * MCTN for a source with several steps. Sequences are translated step by step, and a recurrent unit over the
 * last encoding gives the vector for the prediction. See docs/baselines/mctn.md. Parameters: those of
 * `SequenceTranslation` for each target, `predict/...`, `head/...`.
 * @param source index of the source among the modalities
 */
export function mctnOfSequences(
  { parameters, signature, lossKind }: FusionParts,
  { hidden, head: widths, dropout, inputDropout, translation, translationCycle }: MctnConfig,
  source: number,
): Fusion {
  const { modalities, task } = signature;
  const { name: sourceName, width: sourceWidth } = modalities[source] ?? { name: "", width: 0 };
  const targets = modalities.flatMap(({ name, width }, m) => (m === source ? [] : [{ m, name, width }]));
  const chain = targets.map(
    ({ name, width }, k) =>
      new SequenceTranslation(parameters, name, {
        inputs: k === 0 ? sourceWidth : hidden,
        source: sourceWidth,
        target: width,
        hidden,
      }),
  );
  const predict = new RecurrentUnit(parameters, "predict", hidden, hidden);
  const head = new PredictionHead(parameters, "head", {
    inputs: hidden,
    hidden: widths,
    outputs: outputsOf(task),
    norm: false,
    dropout,
  });
  return {
    outputBias: head.bias,
    forward: (tape, _blocks, present, draws, inputs) => {
      const read = (m: number) =>
        sequenceSteps(tape, inputs[m]?.sequence, modalities[m]?.width ?? 0, present[m] ?? []);
      const original = read(source);
      const encodings: Tensor[][] = []; // of each target: T of [B, H]
      let states = droppedSteps(tape, original, inputDropout, `${sourceName}/input`, draws);
      for (const step of chain) encodings.push((states = step.encode(tape, states, original.mask)));
      const batch = present[source]?.length ?? 0;
      const joint =
        predict.run(tape, states, original.mask).at(-1) ?? tape.constant(new Float32Array(0), [0, hidden]);
      const prediction = head.forward(tape, reshape(tape, joint, [batch, hidden]), draws);
      return {
        prediction,
        joint: () => joint,
        losses: (labels, taught) => {
          const parts = targets.flatMap(({ m, name }, k) => {
            const [step, encoding] = [chain[k], encodings[k]];
            if (!step || !encoding) return [];
            const both = Uint8Array.from(present[source] ?? [], (flag, b) =>
              present[m]?.[b] === 0 ? 0 : flag,
            );
            const own = read(m);
            const translated = step.translate(tape, encoding, original.mask, own.steps.length);
            const returned = step.backTo(tape, translated, own.mask, original.steps.length);
            return [
              [
                `translation/${name}`,
                [recoveryError(tape, translated, own.steps, countedSteps(own, both)), translation],
              ],
              [
                `cycle/${name}`,
                [
                  recoveryError(tape, returned, original.steps, countedSteps(original, both)),
                  translationCycle,
                ],
              ],
            ] as const;
          });
          return {
            task: [taskLoss(tape, lossKind, prediction, labels, taught), 1],
            ...Object.fromEntries(parts),
          };
        },
      };
    },
  };
}
