import { ConfigError } from "../core/errors.js";
import type { EuarConfig } from "./euar-config.js";
import { isLateFusion } from "./late-fusion.js";

/**
 * Checks combinations of options that the schema cannot check.
 * @throws ConfigError "config.conflict"
 */
export function checkEuarConfig({
  hidden,
  encoder,
  experts,
  fusion,
  head,
  losses,
  trust,
  awareness,
}: EuarConfig): void {
  const { logVarMin, logVarMax } = experts;
  if (logVarMin >= logVarMax)
    throw new ConfigError(
      "config.conflict",
      `experts.logVarMin (${logVarMin}) must be below experts.logVarMax (${logVarMax})`,
    );
  if (experts.gate === "random" && awareness.statistics?.gate)
    throw new ConfigError(
      "config.conflict",
      'awareness.statistics.gate does not go with experts.gate "random"',
      {
        hint: "A random gate reads nothing. Leave out one of the two.",
      },
    );
  const isLate = isLateFusion(fusion);
  if (head === null && !isLate)
    throw new ConfigError(
      "config.conflict",
      `head null needs fusion "precision", "mean" or "sum", not "${fusion}"`,
      {
        hint: "With the other fusions a head predicts from the experts' features.",
      },
    );
  if (losses.alone !== null && !isLate)
    throw new ConfigError(
      "config.conflict",
      `losses.alone needs fusion "precision", "mean" or "sum", not "${fusion}"`,
      {
        hint: "Only these fusions make a prediction for each modality.",
      },
    );
  if (trust === "informative" && !isLate)
    throw new ConfigError(
      "config.conflict",
      `trust "informative" needs fusion "precision", "mean" or "sum", not "${fusion}"`,
      {
        hint: "With the other fusions a prediction without a modality is not trained.",
      },
    );
  if (awareness.statistics?.steady && isLate)
    throw new ConfigError(
      "config.conflict",
      `awareness.statistics.steady does not go with fusion "${fusion}"`,
      {
        hint: "Omit steady: with this fusion each modality has a prediction of its own.",
      },
    );
  if (encoder.kind === "sequence" && hidden % encoder.heads !== 0)
    throw new ConfigError(
      "config.conflict",
      `encoder.heads (${encoder.heads}) must divide hidden (${hidden})`,
      { hint: "Choose a width that is a multiple of the number of heads." },
    );
}
