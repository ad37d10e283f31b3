import { defined } from "../core/defined.js";
import { outputsOf } from "../data/dataset.js";
import { PredictionHead } from "../nn/prediction-head.js";
import { evidenceSum, precisionSum, shrunkSum } from "../nn/precision-sum.js";
import type { ParameterSet } from "../nn/parameter-set.js";
import type { SampleDraws } from "../nn/sample-draws.js";
import { add, mul, sub } from "../tensor/ops/elementwise.js";
import type { Tape } from "../tensor/tape.js";
import type { Parameter, Tensor } from "../tensor/tensor.js";
import type { ExpertFeatures, ExpertHead, HeadAnswer } from "./expert-answer.js";
import type { LateFusion } from "./late-fusion.js";
import type { DataSignature } from "./model.js";

/** Shape of each modality's head, and how predictions are added. */
export interface ModalityPredictionsOptions {
  /** Width H of a modality's feature. */
  readonly inputs: number;
  /** Widths of the hidden layers; null if the features are predictions themselves, [B, outputs]. */
  readonly hidden: readonly number[] | null;
  readonly norm: boolean;
  readonly dropout: number;
  /** Way in which predictions are added. */
  readonly fusion: LateFusion;
}

/** Log-precisions, M of [B, 1], if predictions have weights, and presence, M of [B]. */
type Weights = { readonly logs: readonly Tensor[] | undefined } & Pick<ExpertFeatures, "present">;

/**
 * Head with one prediction per modality: prediction = c + sum_m r_m f_m over the modalities that the sample
 * has. Without weights, r_m = 1: logits of classes add up to the logits of a product of experts.
 *
 * With weights, each prediction is shrunk by the precision of the modality's experts: r_m = 1 / (1 +
 * exp(-l_m)) and l_m = b_m - a_m u_m, with the log-uncertainty u_m. Training starts at a = 1 and b = 0. Then
 * r_m f_m is the mean of the product of the Gaussians N(f_m, exp(u_m)) and N(0, 1), so an uncertain modality
 * has little effect.
 *
 * With shares, r = softmax(l) over the modalities that the sample has, so the weights add up to 1. The sum is
 * then the mean of the product of the Gaussians N(f_m, exp(u_m)). Numbers need this: if two modalities both
 * predict 2, the answer is 2 and not 4.
 *
 * f_m is the modality's own head on its feature, or the feature itself if the experts predict.
 *
 * Parameters: `<name>/<modality>/...` (the head), with weights `<name>/<modality>/precision/scale` (a_m) and
 * `.../offset` (b_m), each [1], and `<name>/bias` (c).
 */
export class ModalityPredictions implements ExpertHead {
  readonly bias: Parameter;
  /** Undefined if the experts predict. */
  private readonly heads: readonly PredictionHead[] | undefined;
  private readonly fusion: LateFusion;
  /** Undefined without weights. */
  private readonly scales: readonly Parameter[] | undefined;
  private readonly offsets: readonly Parameter[];

  constructor(
    parameters: ParameterSet,
    name: string,
    { modalities, task }: DataSignature,
    { inputs, hidden, norm, dropout, fusion }: ModalityPredictionsOptions,
  ) {
    this.fusion = fusion;
    const weighted = fusion !== "sum";
    const outputs = outputsOf(task);
    const number = (place: string, value: number): Parameter =>
      parameters.create(place, [1], { init: { kind: "constant", value }, decays: false });
    this.heads =
      hidden === null
        ? undefined
        : modalities.map(
            (one) =>
              new PredictionHead(parameters, `${name}/${one.name}`, {
                inputs,
                hidden,
                outputs,
                norm,
                dropout,
              }),
          );
    this.scales = weighted
      ? modalities.map((one) => number(`${name}/${one.name}/precision/scale`, 1))
      : undefined;
    this.offsets = weighted ? modalities.map((one) => number(`${name}/${one.name}/precision/offset`, 0)) : [];
    this.bias = parameters.create(`${name}/bias`, [outputs], {
      init: { kind: "constant", value: 0 },
      decays: false,
    });
  }

  /**
   * Predicts from each modality and combines the predictions. In `again`, the precisions do not change with
   * the blocks: of a batch that is repeated M times, copy m lacks modality m.
   */
  answer(
    tape: Tape,
    { blocks, uncertainties, present }: ExpertFeatures,
    draws: SampleDraws,
  ): Required<HeadAnswer> {
    const logs = this.logPrecisions(tape, uncertainties, present[0]?.length ?? 0);
    const values = this.values(tape, blocks, draws);
    const bias = tape.parameter(this.bias);
    return {
      alone: values.map((value) => add(tape, value, bias)),
      prediction: add(tape, this.added(tape, values, { logs, present }), bias),
      again: (on, others) => this.again(on, others, { logs, present }, draws),
    };
  }

  private again(
    tape: Tape,
    blocks: readonly Tensor[],
    { logs, present }: Weights,
    draws: SampleDraws,
  ): Tensor {
    const [batch, rows] = [present[0]?.length ?? 0, blocks[0]?.extent(0) ?? 0];
    const tiled = (make: (b: number, copy: number) => number): Float32Array =>
      Float32Array.from({ length: rows }, (_, row) => make(row % batch, Math.floor(row / batch)));
    const fixed = logs?.map(({ buffer }) =>
      tape.constant(
        tiled((b) => defined(buffer.view[b])),
        [rows, 1],
      ),
    );
    const flags = present.map((own, m) =>
      tiled((b, copy) => (rows > batch && copy === m ? 0 : defined(own[b]))),
    );
    const sum = this.added(tape, this.values(tape, blocks, draws), { logs: fixed, present: flags });
    return add(tape, sum, tape.parameter(this.bias));
  }

  /** Adds predictions, M of [B, outputs]. */
  private added(tape: Tape, values: readonly Tensor[], { logs, present }: Weights): Tensor {
    if (!logs) return evidenceSum(tape, values, present);
    return (this.fusion === "mean" ? precisionSum : shrunkSum)(tape, values, { logs, present });
  }

  /** Computes l_m, M of [B, 1]; undefined without weights. */
  private logPrecisions(
    tape: Tape,
    uncertainties: ExpertFeatures["uncertainties"],
    batch: number,
  ): readonly Tensor[] | undefined {
    const { scales, offsets } = this;
    return scales?.map((scale, m) => {
      const u = uncertainties[m];
      if (!u) return tape.constant(new Float32Array(batch), [batch, 1]);
      const scaled = mul(tape, u, tape.parameter(scale));
      return sub(tape, tape.parameter(defined(offsets[m])), scaled); // [B, 1]
    });
  }

  /** Returns the predictions without the shared bias, M of [B, outputs]. */
  private values(tape: Tape, blocks: readonly Tensor[], draws: SampleDraws): readonly Tensor[] {
    const { heads } = this;
    return heads ? blocks.map((block, m) => defined(heads[m]).forward(tape, block, draws)) : blocks;
  }
}
