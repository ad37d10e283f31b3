import { distanceLoss } from "../../nn/losses/distance.js";
import { copyLoss, lossWeight } from "./loss.js";

/**
 * Distance loss: trains the variance of a copy to equal the squared distance of its features from those of
 * the original.
 */
export const distance = copyLoss({
  part: "distance",
  meaning:
    "L_dist: difference between the log-variance of a copy and the log of its squared distance from the " +
    "original",
  schema: (zod) =>
    lossWeight(zod)
      .nullable()
      .default(null)
      .meta({
        description:
          "weight of the distance loss, which trains the variance of a copy to equal the squared " +
          "distance of its features from those of its original (needs --copies)",
        alias: "distance",
      }),
  weight: (weight) => weight,
  needsUncertainty: true,
  term: (tape, { input, uncertainty, distance }) =>
    uncertainty && distance
      ? distanceLoss(tape, uncertainty, distance, input.present)
      : tape.constant([0], []),
});
