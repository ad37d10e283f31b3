import { klLoss } from "../../nn/losses/kl.js";
import { lossReduction, lossWeight, modalityLoss } from "./loss.js";

/** KL loss of the experts (Eq. 4). */
export const kl = modalityLoss({
  part: "kl",
  meaning: "L_kl, Eq. 4: divergence of the experts' Gaussians from N(0, I)",
  schema: (zod) =>
    zod
      .strictObject({
        weight: lossWeight(zod)
          .default(1e-3)
          .meta({ description: "alpha, weight of the KL loss (Eq. 4, 12)", alias: "alpha" }),
        reduction: lossReduction(zod).describe("how Eq. 4 is reduced over the H dimensions"),
        over: zod
          .enum(["selected", "all"])
          .default("selected")
          .describe("experts in the KL loss: the K selected ones, or all N, which also runs all N"),
      })
      .nullable()
      .prefault({})
      .describe("KL loss of the experts (Eq. 4)"),
  weight: ({ weight }) => weight,
  term: (tape, { input, mixture }, { reduction }) =>
    klLoss(tape, mixture, { reduction, presentCount: input.presentCount }),
});
