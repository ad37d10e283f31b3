import { severityRankingLoss } from "../../nn/losses/severity-ranking.js";
import { copyLoss, lossWeight } from "./loss.js";

/** Severity-ranking loss: the more corrupted of two copies gets the higher uncertainty. */
export const ranking = copyLoss({
  part: "rank",
  meaning: "L_rank: pairs of copies with uncertainties that are not in the order of their severities",
  schema: (zod) =>
    lossWeight(zod)
      .nullable()
      .default(null)
      .meta({
        description:
          "weight of the severity-ranking loss: of two copies of a sample, the more corrupted one gets the " +
          "higher uncertainty (needs --copies)",
        alias: "ranking",
      }),
  weight: (weight) => weight,
  needsUncertainty: true,
  term: (tape, { input, uncertainty, anomaly, severity, damage }) => {
    const ranked = anomaly ?? uncertainty;
    return ranked
      ? severityRankingLoss(tape, ranked, { severity, damage, present: input.present })
      : tape.constant([0], []);
  },
});
