import { specialisationLoss } from "../../nn/losses/specialisation.js";
import { copyLoss, lossWeight } from "./loss.js";

/** Specialisation loss: corruptions of one kind share experts. */
export const specialisation = copyLoss({
  part: "spec",
  meaning: "L_spec: experts shared by copies with different corruptions",
  schema: (zod) =>
    lossWeight(zod).nullable().default(null).meta({
      description:
        "weight of a loss that sends copies with the same corruption to the same experts (needs --copies)",
      alias: "specialisation",
    }),
  weight: (weight) => weight,
  term: (tape, { mixture, damage, input }) =>
    specialisationLoss(tape, mixture.probabilities, damage, input.present),
});
