import { severityRankingLoss } from "../../nn/losses/severity-ranking.js";
import { copyLoss, lossWeight } from "./loss.js";

/**
 * Severity-ranking loss over copies of all kinds. It suits corrupted media, whose severities mean the same
 * for every kind; `ranking` compares copies of the same kind only. With a layer for variances it trains this
 * layer alone, not the experts.
 */
export const ordering = copyLoss({
  part: "order",
  meaning: "L_order: the same as L_rank, also between copies of different kinds",
  schema: (zod) =>
    lossWeight(zod)
      .nullable()
      .optional()
      .meta({
        description:
          "weight of the severity-ranking loss between copies of any kinds, for severities that mean the " +
          "same for every kind; off if absent (needs --copies)",
        alias: "ordering",
      }),
  weight: (weight) => weight,
  needsUncertainty: true,
  term: (tape, { input, uncertainty, score, severity }) => {
    const ordered = score ?? uncertainty;
    const damage = Float32Array.from(severity, (one) => (one > 0 ? 1 : 0)); // one kind for all copies
    return ordered
      ? severityRankingLoss(tape, ordered, { severity, damage, present: input.present })
      : tape.constant([0], []);
  },
});
