import { defined } from "../core/defined.js";
import { outputsOf, type Split } from "../data/dataset.js";
import { meanRows } from "../nn/masked-mean.js";
import type { WeightSource } from "../nn/parameter-set.js";
import { ridgeProblem, type RidgeProblem, solveRidge } from "../nn/ridge-regression.js";
import { presence } from "../nn/sequence.js";
import type { Backend } from "../tensor/backend.js";
import { createLinear } from "./linear.js";
import type { DataSignature, Model } from "./model.js";
import { nextExponents, penaltyAt } from "./penalty-search.js";
import type { RidgeConfig } from "./ridge-config.js";

/**
 * Ridge regression: the network of {@link createLinear}, with weights in closed form. Epoch e has the penalty
 * `penalty * penaltyFactor^(e - 1)`, so choosing the best epoch on validation data chooses the penalty. With
 * `penaltyPerModality` each modality has its own penalty, see {@link nextExponents}. The result does not
 * depend on the seed.
 *
 * Parameters: those of the linear model. Supports regression only, because the linear model has no closed
 * form for classes and labels.
 */
export function createRidge(
  signature: DataSignature,
  { penalty, penaltyFactor, penaltyPerModality }: RidgeConfig,
  backend: Backend,
  seed: WeightSource,
): Model {
  const linear = createLinear(signature, { inputDropout: 0, taskLoss: "mse" }, backend, seed);
  const outputs = outputsOf(signature.task);
  let known: { readonly split: Split; readonly problem: RidgeProblem } | undefined;

  const { modalities } = signature;
  const separate = penaltyPerModality && modalities.length > 1;

  function solve(
    train: Split,
    epoch: number,
    improved: readonly boolean[] = [],
  ): Readonly<Record<string, number>> {
    if (known?.split !== train)
      known = { split: train, problem: ridgeProblem(designOf(signature, train), train.labels, train.size) };
    const exponents = separate ? nextExponents(improved, modalities.length) : modalities.map(() => epoch);
    const penalties = exponents.map((exponent) => penaltyAt(penalty, penaltyFactor, exponent));
    const [shared = penalty] = penalties;
    // [D]
    const each = modalities.flatMap(({ width }, m) => new Array<number>(width).fill(defined(penalties[m])));
    const { weights, bias, error } = solveRidge(known.problem, separate ? each : shared);
    const to = linear.parameters.get("linear/weight").buffer.view; // [D, outputs]
    weights.forEach((column, output) => {
      for (let d = 0; d < column.length; d++) to[d * outputs + output] = defined(column[d]);
    });
    linear.outputBias.buffer.view.set(bias);
    if (separate) {
      const squares = weights.map((column) =>
        column.reduce((all, value, d) => all + defined(each[d]) * value * value, 0),
      );
      const penalised = squares.reduce((sum, value) => sum + value, 0) / outputs;
      const byName = modalities.map(({ name }, m) => [`penalty/${name}`, defined(penalties[m])]);
      return {
        total: error + penalised,
        task: error,
        ...(Object.fromEntries(byName) as Record<string, number>),
      };
    }
    const squares =
      weights.reduce((sum, column) => sum + column.reduce((all, value) => all + value * value, 0), 0) /
      outputs;
    return { total: error + shared * squares, task: error, penalty: shared };
  }

  return { ...linear, name: "ridge", solve };
}

/**
 * Returns the inputs of the linear layer, [N, D]: the concatenated masked means of all modalities, zeros for
 * missing ones.
 */
function designOf({ modalities }: DataSignature, split: Split): Float32Array {
  const width = modalities.reduce((sum, modality) => sum + modality.width, 0);
  const x = new Float32Array(split.size * width);
  let column = 0;
  for (const { name, width: own } of modalities) {
    const table = split.modalities[name];
    if (table) {
      const rows = meanRows(table);
      let next = 0;
      presence(table).forEach((present, n) => {
        if (present !== 0) x.set(rows.subarray(next * own, ++next * own), n * width + column);
      });
    }
    column += own;
  }
  return x;
}
