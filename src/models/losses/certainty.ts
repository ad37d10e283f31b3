import { certaintyLoss } from "../../nn/losses/certainty.js";
import { madeErrors } from "../certainty-head.js";
import { batchLoss, lossWeight } from "./loss.js";

/** Loss of the head that predicts a sample's error. */
export const certainty = batchLoss({
  part: "certainty",
  meaning: "L_certainty: negative log-likelihood of the prediction errors, given the expected errors",
  schema: (zod) =>
    lossWeight(zod)
      .nullable()
      .default(null)
      .meta({
        description:
          "weight of the loss of a head that predicts a sample's error from the uncertainties of its " +
          "modalities",
        alias: "certainty",
      }),
  weight: (weight) => weight,
  term: (tape, { kind, prediction, labels, logErrors }) =>
    logErrors && certaintyLoss(tape, logErrors, madeErrors(kind, prediction, labels)),
});
