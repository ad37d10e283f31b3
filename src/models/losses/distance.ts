import { distanceLoss } from "../../nn/losses/distance.js";
import { copyLoss, lossWeight } from "./loss.js";

/** Distance loss: the variance of a copy is the squared distance that the damage moved its features by. */
export const distance = copyLoss({
  part: "distance",
  meaning: "L_dist: log-variances of copies that are not those of the distances from their originals",
  schema: (zod) =>
    lossWeight(zod)
      .nullable()
      .default(null)
      .meta({
        description:
          "weight of the distance loss: the variance of a copy should be the squared distance of its features " +
          "from those of its original (needs --copies)",
        alias: "distance",
      }),
  weight: (weight) => weight,
  needsUncertainty: true,
  term: (tape, { input, uncertainty, distance }) =>
    uncertainty && distance
      ? distanceLoss(tape, uncertainty, distance, input.present)
      : tape.constant([0], []),
});
