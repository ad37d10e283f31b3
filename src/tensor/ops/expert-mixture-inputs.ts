import { ShapeError } from "../../core/errors.js";
import { formatShape, type Tensor } from "../tensor.js";
import type { ExpertNoise } from "./expert-noise.js";

/**
 * Inputs of the expert mixture. Sizes: B samples, D features, H hidden, N experts, K selected, S slots per
 * sample (K, or N if all experts run).
 */
export interface ExpertMixtureInputs {
  /** [B, D]. Rows of absent samples go to no expert, but must be finite. */
  readonly x: Tensor;
  /** [D, N] */
  readonly routerWeight: Tensor;
  /** [N] */
  readonly routerBias: Tensor;
  /** [N, D, 2H], columns mu | log-variance. */
  readonly weight: Tensor;
  /** [N, 2H] */
  readonly bias: Tensor;
  /** [B], 0 if the sample lacks the modality. */
  readonly present: ArrayLike<number>;
  /** Number of experts per sample, K; limited to N. */
  readonly topK: number;
  /**
   * Experts to compute: the K selected, or all N with gate 0 outside the top K (to know the KL of all of
   * them).
   */
  readonly run: "selected" | "all";
  /** Lower clamp of the log-variances. */
  readonly logVarMin: number;
  /** Upper clamp of the log-variances. */
  readonly logVarMax: number;
  /** Added to every log-variance of an expert, before the clamp. [B, N] */
  readonly logVarShift?: Tensor | undefined;
  /** Added to the router's logits. [B, N] */
  readonly gateShift?: Tensor | undefined;
  /** Source of epsilon in z = mu + epsilon * sigma (Eq. 3). If absent, z = mu. */
  readonly noise?: ExpertNoise;
  /**
   * Do not compute log-variances: `sigma2` and `kl` are NaN, `h` and the gates have the
   * same bits. For a tape that does not record, without noise. Default false.
   */
  readonly meansOnly?: boolean;
}

/** Sizes of a mixture, in the letters of {@link ExpertMixtureInputs}. */
export interface MixtureSizes {
  readonly batch: number;
  readonly inputs: number;
  readonly width: number;
  readonly experts: number;
  readonly selected: number;
  readonly slots: number;
}

function isMatrix({ shape }: Tensor, rows: number, columns: number): boolean {
  return shape.length === 2 && shape[0] === rows && shape[1] === columns;
}

/**
 * Checks the shapes of the inputs and returns their sizes.
 *
 * @throws ShapeError if they do not fit
 */
export function sizesOf({
  x,
  routerWeight,
  routerBias,
  weight,
  bias,
  present,
  topK,
  run,
  logVarShift,
  gateShift,
}: ExpertMixtureInputs): MixtureSizes {
  const [batch, inputs] = [x.extent(0), x.extent(1)];
  const experts = weight.extent(0);
  const outputs = weight.extent(2);
  const fits =
    x.shape.length === 2 &&
    weight.shape.length === 3 &&
    weight.extent(1) === inputs &&
    outputs % 2 === 0 &&
    isMatrix(bias, experts, outputs) &&
    isMatrix(routerWeight, inputs, experts) &&
    routerBias.shape.length === 1 &&
    routerBias.extent(0) === experts;
  if (!fits) {
    throw new ShapeError(
      `expertMixture: x [B, D], router [D, N] and [N], experts [N, D, 2H] and [N, 2H] must agree; got ` +
        [x, routerWeight, routerBias, weight, bias].map((tensor) => formatShape(tensor.shape)).join(", "),
    );
  }
  if (present.length !== batch)
    throw new ShapeError(`expertMixture: present has ${present.length} entries for ${batch} samples`);
  for (const [name, shift] of Object.entries({ logVarShift, gateShift })) {
    if (shift && !isMatrix(shift, batch, experts))
      throw new ShapeError(
        `expertMixture: ${name} must be [${batch}, ${experts}], got ${formatShape(shift.shape)}`,
      );
  }
  if (!(topK >= 1)) throw new ShapeError(`expertMixture: topK must be at least 1, got ${topK}`);
  const selected = Math.min(topK, experts);
  return { batch, inputs, width: outputs / 2, experts, selected, slots: run === "all" ? experts : selected };
}
