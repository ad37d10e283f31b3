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

/** Result of a fusion. */
export interface Fused {
  /** Regression values or class logits, [B, outputs]. */
  readonly prediction: Tensor;
  /**
   * Returns the joint features that the prediction uses, [B, J], if the method joins the modalities before it
   * predicts. Only called outside training.
   */
  readonly joint?: () => Tensor;
  /**
   * Returns the uncertainty of each modality, M of [B]; values of missing ones do not count. Only for methods
   * that have one, and only called outside training.
   */
  readonly uncertainties?: () => readonly Float32Array[];
  /**
   * Returns the fusion's losses by name with their weights. Without it, the loss is the task loss on the
   * prediction.
   * @param batch deliberate changes to the samples (copies, masks)
   */
  readonly losses?: (
    labels: ArrayLike<number>,
    taught: number | undefined,
    batch: Batch,
  ) => Readonly<Record<string, readonly [Tensor, number]>>;
}

/** Fusion of the modalities: the only part in which baselines differ. */
export interface Fusion {
  /** Bias added to every prediction, [outputs]. */
  readonly outputBias: Parameter;
  /** See {@link Model.fitStatistics}. */
  readonly fitStatistics?: (train: Split) => void;
  /**
   * Fuses the modalities.
   * @param blocks M of [B, H]; zero rows where missing
   * @param present M of [B]
   * @param inputs M inputs of the blocks, for losses and statistics
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
   * Applies the hidden layer of modality m's encoder, [B, D] to [B, H]. For vectors that are not from the
   * data.
   */
  readonly encode: (tape: Tape, m: number, x: Tensor) => Tensor;
}

/**
 * Creates a baseline: the encoders that all baselines share, one fusion, and diagnostics. A modality's
 * contribution is the change of the prediction when the sample loses it, as a share of the changes of all
 * modalities.
 * @param seed seed of the initial weights, or "blank"
 * @param options.encoders false for a fusion that reads sequences itself: its blocks are zeros
 * @throws ConfigError if the loss does not fit the task
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
    const diagnostics =
      context.training || context.predictionOnly === true
        ? {}
        : diagnosticsOf(fused, { blocks, present, inputs }, draws);
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
        const own = uncertain?.[m];
        const known = (b: number): number => (present[m]?.[b] === 0 ? NaN : (own?.[b] ?? NaN));
        return [
          modality,
          {
            uncertainty: Float32Array.from({ length: batch }, (_, b) => known(b)),
            ...(contribution && { contribution }),
          },
        ];
      }),
    );
  }

  const { outputBias, fitStatistics } = fusion;
  return { name, signature, parameters, outputBias, ...(fitStatistics && { fitStatistics }), forward };
}

/** Returns |a - b| summed over outputs, [B]. */
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
