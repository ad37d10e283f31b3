import { defined } from "../../../core/defined.js";
import type { Batch } from "../../../data/batch.js";
import type { Split } from "../../../data/dataset.js";
import type { TaskLoss } from "../../../nn/losses/task.js";
import { taskLoss } from "../../../nn/losses/task.js";
import { weightedTotal } from "../../../nn/losses/weighted-sum.js";
import { ParameterSet, type WeightSource } from "../../../nn/parameter-set.js";
import type { SampleDraws } from "../../../nn/sample-draws.js";
import type { Backend } from "../../../tensor/backend.js";
import { Tape } from "../../../tensor/tape.js";
import type { Parameter, Tensor } from "../../../tensor/tensor.js";
import type { ModalityInput } from "../../batch-input.js";
import { shareOfChanges } from "../../contribution.js";
import type {
  DataSignature,
  ForwardContext,
  ForwardResult,
  Model,
  ModalityDiagnostics,
} from "../../model.js";
import { chooseTaskLoss } from "../../task-loss-choice.js";
import type { BranchConfig } from "./baseline-config.js";
import { BranchEncoders, type Branches } from "./branches.js";

/** What a fusion makes of the modalities' vectors. */
export interface Fused {
  /** [B, outputs]: regression values or class logits. */
  readonly prediction: Tensor;
  /**
   * [B, J]: what the prediction is made of, where the method brings the modalities together before it
   * predicts. Asked for outside training only.
   */
  readonly joint?: () => Tensor;
  /**
   * M of [B], where the method says how uncertain a modality is; NaN where it is absent. Asked for outside
   * training only.
   */
  readonly uncertainties?: () => readonly Float32Array[];
  /**
   * Its losses by name with their weights; the task loss on the prediction alone where it has none of its
   * own.
   * @param batch what was done to the samples on purpose
   */
  readonly losses?: (
    labels: ArrayLike<number>,
    taught: number | undefined,
    batch: Batch,
  ) => Readonly<Record<string, readonly [Tensor, number]>>;
}

/** How one baseline brings its modalities together: all that it differs in. */
export interface Fusion {
  /** [outputs], added to every prediction. */
  readonly outputBias: Parameter;
  /** As {@link Model.fitStatistics}. */
  readonly fitStatistics?: (train: Split) => void;
  /**
   * @param blocks M of [B, H]; zero rows where absent
   * @param present M of [B]
   * @param inputs M: the features that the blocks were made of, for losses and statistics
   */
  forward(
    tape: Tape,
    blocks: readonly Tensor[],
    present: readonly ArrayLike<number>[],
    draws: SampleDraws,
    inputs: readonly ModalityInput[],
  ): Fused;
}

export interface FusionParts {
  readonly parameters: ParameterSet;
  readonly signature: DataSignature;
  readonly lossKind: TaskLoss;
  /**
   * [B, D] to [B, H]: the hidden layer of modality m's encoder, for vectors that did not come from the data.
   */
  readonly encode: (tape: Tape, m: number, x: Tensor) => Tensor;
}

/**
 * A baseline: the same encoders as all others, one fusion, and diagnostics. A modality's contribution is how
 * much the prediction changes when the sample loses it, as a share of the changes of all.
 * @param seed of the initial weights, or "blank"
 * @param options.encoders false for a fusion that reads sequences itself: its blocks are zeros
 * @throws ConfigError when the loss does not fit the task
 */
export function createBaseline(
  name: string,
  signature: DataSignature,
  config: BranchConfig,
  backend: Backend,
  seed: WeightSource,
  createFusion: (parts: FusionParts) => Fusion,
  { encoders: encodes = true }: { readonly encoders?: boolean } = {},
): Model {
  const parameters = new ParameterSet(backend, seed);
  const encoders = new BranchEncoders(parameters, signature, config, encodes);
  const lossKind = chooseTaskLoss(config.taskLoss, signature.task);
  const fusion = createFusion({
    parameters,
    signature,
    lossKind,
    encode: (tape, m, x) => encoders.encode(tape, m, x),
  });

  function forward(tape: Tape, batch: Batch, context: ForwardContext): ForwardResult {
    const draws = { ...context, sampleIndex: batch.sampleIndex };
    const { blocks, present, inputs } = encoders.forward(tape, batch, draws, context.encoded);
    const fused = fusion.forward(tape, blocks, present, draws, inputs);
    const { prediction } = fused;
    const joint = context.joint && fused.joint ? { joint: Float32Array.from(fused.joint().toArray()) } : {};
    const diagnostics = context.training ? {} : diagnosticsOf(fused, { blocks, present, inputs }, draws);
    if (!batch.labels) return { prediction, diagnostics, ...joint };
    const { labels, taught } = batch;
    const weighted = fused.losses?.(labels, taught, batch) ?? {
      task: [taskLoss(tape, lossKind, prediction, labels, taught), 1] as const,
    };
    const parts = Object.fromEntries(Object.entries(weighted).map(([part, [loss]]) => [part, loss]));
    return {
      prediction,
      diagnostics,
      ...joint,
      losses: { total: weightedTotal(tape, Object.values(weighted)), parts },
    };
  }

  function diagnosticsOf(
    { prediction, uncertainties }: Fused,
    { blocks, present, inputs }: Branches,
    draws: SampleDraws,
  ): Record<string, ModalityDiagnostics> {
    const batch = prediction.extent(0);
    const scratch = new Tape(backend, false);
    const changes = blocks.map((block, m): ArrayLike<number> => {
      const nothing = scratch.constant(new Float32Array(block.size), block.shape);
      const without = fusion.forward(
        scratch,
        blocks.with(m, nothing),
        present.map((flags, n) => (n === m ? new Uint8Array(batch) : flags)),
        draws,
        inputs,
      );
      return absoluteChange(prediction, without.prediction);
    });
    const shares = shareOfChanges(changes, present);
    const uncertain = uncertainties?.();
    return Object.fromEntries(
      signature.modalities.map(({ name: modality }, m): [string, ModalityDiagnostics] => {
        const contribution = shares[m];
        return [
          modality,
          {
            uncertainty: uncertain?.[m] ?? new Float32Array(batch).fill(NaN),
            ...(contribution && { contribution }),
          },
        ];
      }),
    );
  }

  const { outputBias, fitStatistics } = fusion;
  return { name, signature, parameters, outputBias, ...(fitStatistics && { fitStatistics }), forward };
}

/** [B]: |a - b|, summed over outputs. */
function absoluteChange(a: Tensor, b: Tensor): Float64Array {
  const [batch, outputs] = [a.extent(0), a.extent(1)];
  const change = new Float64Array(batch);
  const [left, right] = [a.buffer.view, b.buffer.view];
  for (let i = 0; i < batch * outputs; i++) {
    const row = Math.floor(i / outputs);
    change[row] = defined(change[row]) + Math.abs(defined(left[i]) - defined(right[i]));
  }
  return change;
}
