import { balanceLoss } from "../../nn/losses/balance.js";
import { lossWeight, modalityLoss } from "./loss.js";

/** Load-balance loss of the router (Eqs. 7-9). */
export const balance = modalityLoss({
  part: "aux",
  meaning: "L_aux, Eqs. 7-9: uneven use of the experts",
  schema: (zod) =>
    zod
      .strictObject({
        weight: lossWeight(zod)
          .default(1e-5)
          .meta({ description: "beta, weight of the load-balance loss (Eq. 7, 12)", alias: "beta" }),
        variant: zod
          .enum(["paper", "switch", "topk"])
          .default("paper")
          .meta({ description: "variant of the load-balance loss", alias: "balance" }),
      })
      .nullable()
      .prefault({})
      .describe("load-balance loss of the router (Eq. 7)"),
  weight: ({ weight }) => weight,
  term: (tape, { input, mixture }, { variant }) => balanceLoss(tape, mixture, input.present, variant),
});
