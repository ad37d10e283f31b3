import type { Batch } from "../data/batch.js";
import { outputsOf } from "../data/dataset.js";
import { Linear } from "../nn/linear.js";
import { taskLoss } from "../nn/losses/task.js";
import { largestZScores, STATISTICS_WIDTH } from "../nn/input-statistics.js";
import { meanOfInput } from "../nn/masked-mean.js";
import { ParameterSet, type WeightSource } from "../nn/parameter-set.js";
import { dropoutIn } from "../nn/sample-draws.js";
import type { Backend } from "../tensor/backend.js";
import { concat } from "../tensor/ops/shape-ops.js";
import type { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";
import { modalityInputs } from "./batch-input.js";
import { contributions } from "./contribution.js";
import type { LinearConfig } from "./linear-config.js";
import { ModalityQuality } from "./modality-quality.js";
import { ModalityStatistics } from "./modality-statistics.js";
import type { DataSignature, ForwardContext, ForwardResult, Model, ModalityDiagnostics } from "./model.js";
import { chooseTaskLoss } from "./task-loss-choice.js";

/**
 * Linear model, the reference row of every table: one fully connected layer on the concatenated masked means
 * of the modalities. A missing modality is a block of zeros, which contributes nothing. The model has no
 * uncertainty (NaN in the diagnostics).
 *
 * With `inputStatistics` the layer also reads the statistics of each input. The uncertainty of a modality is
 * then its largest statistic, which is not trained.
 *
 * With `inputQuality` the layer also reads the measured quality of each input.
 *
 * Parameters: `linear/weight` [sum of widths, outputs], `linear/bias`; constants
 * `<modality>/statistics/fitted/...` and `<modality>/quality/fitted/...`.
 * @param seed seed of the initial weights, or "blank"
 * @throws ConfigError if the loss does not fit the task, or for `inputQuality` if the data have no quality
 */
export function createLinear(
  signature: DataSignature,
  config: LinearConfig,
  backend: Backend,
  seed: WeightSource,
): Model {
  const parameters = new ParameterSet(backend, seed);
  const statistics = config.inputStatistics ? new ModalityStatistics(parameters, signature) : undefined;
  const quality = config.inputQuality
    ? new ModalityQuality(parameters, signature, "inputQuality")
    : undefined;
  const more = statistics ? STATISTICS_WIDTH : 0;
  const inputs = signature.modalities.reduce(
    (sum, { width }, m) => sum + width + more + (quality?.widths[m] ?? 0),
    0,
  );
  const layer = new Linear(parameters, "linear", inputs, outputsOf(signature.task));
  const kind = chooseTaskLoss(config.taskLoss, signature.task);

  function forward(tape: Tape, batch: Batch, context: ForwardContext): ForwardResult {
    const draws = { ...context, sampleIndex: batch.sampleIndex };
    const given = modalityInputs(batch, signature.modalities, context.encoded);
    const present = given.map((input) => input.present);
    const read = statistics?.forward(tape, given, present) ?? []; // M of [B, S]
    const measured = quality?.forward(tape, given, present) ?? []; // M of [B, Q]
    const features = given.map(({ name, sequence, present }, m): Tensor => {
      const width = signature.modalities[m]?.width ?? 0;
      if (!sequence) return tape.constant(new Float32Array(batch.size * width), [batch.size, width]);
      return dropoutIn(
        tape,
        meanOfInput(tape, sequence, present),
        config.inputDropout,
        `${name}/input`,
        draws,
      ); // [B, D]
    });
    const blocks = features.map((one, m) => {
      const more = [read[m], measured[m]].filter((part) => part !== undefined);
      return more.length > 0 ? concat(tape, [one, ...more], 1) : one; // [B, D], [B, D + S], [B, D + S + Q]
    });
    const join = (on: Tape, parts: readonly Tensor[]): Tensor => concat(on, parts, 1); // [B, sum of D]
    const joined = join(tape, blocks);
    const prediction = layer.forward(tape, joined); // [B, outputs]
    const joint = context.joint ? { joint: Float32Array.from(joined.toArray()) } : {};
    const diagnostics: Record<string, ModalityDiagnostics> = {};
    if (!context.training && context.predictionOnly !== true) {
      const shares = contributions(tape, blocks, present, prediction, (on, parts) =>
        layer.forward(on, join(on, parts)),
      );
      given.forEach(({ name, present: own }, m) => {
        const [contribution, seen] = [shares[m], read[m]];
        diagnostics[name] = {
          uncertainty: seen ? largestZScores(seen, own) : new Float32Array(batch.size).fill(NaN),
          ...(contribution ? { contribution } : {}),
        };
      });
    }
    if (!batch.labels) return { prediction, diagnostics, ...joint };
    const task = taskLoss(tape, kind, prediction, batch.labels, batch.taught);
    return { prediction, losses: { total: task, parts: { task } }, diagnostics, ...joint };
  }

  return {
    name: "linear",
    signature,
    parameters,
    outputBias: layer.bias,
    ...((statistics ?? quality) && {
      fitStatistics: (train) => {
        statistics?.fit(train);
        quality?.fit(train);
      },
    }),
    forward,
  };
}
