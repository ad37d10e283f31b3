import { uncertaintyLoss } from "../../nn/losses/uncertainty.js";
import { lossReduction, lossWeight, modalityLoss } from "./loss.js";

/** Uncertainty loss of the router (Eq. 10). */
export const uncertainty = modalityLoss({
  part: "u",
  meaning: "L_u, Eq. 10: uncertainty of the experts that the gate prefers",
  schema: (zod) =>
    zod
      .strictObject({
        weight: lossWeight(zod)
          .default(1e-3)
          .meta({ description: "lambda, weight of the uncertainty loss (Eq. 10, 12)", alias: "lambda" }),
        reduction: lossReduction(zod).describe(
          "sigma^2 in Eq. 10: mean over H with the factor 1/N, or sum over H without it",
        ),
        stopGradient: zod
          .boolean()
          .default(false)
          .describe("let the uncertainty loss train only the gate, not sigma"),
      })
      .nullable()
      .prefault({})
      .describe("uncertainty loss of the router (Eq. 10)"),
  weight: ({ weight }) => weight,
  term: (tape, { input, mixture }, { reduction, stopGradient }) =>
    uncertaintyLoss(tape, mixture, {
      reduction,
      stopSigmaGradient: stopGradient,
      presentCount: input.presentCount,
    }),
});
