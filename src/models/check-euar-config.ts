import { ConfigError } from "../core/errors.js";
import type { EuarConfig } from "./euar-config.js";

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
  if (head === null && fusion !== "precision")
    throw new ConfigError("config.conflict", `head null needs fusion "precision", not "${fusion}"`, {
      hint: "With the other fusions a head predicts from the experts' features.",
    });
  if (losses.alone !== null && fusion !== "precision")
    throw new ConfigError("config.conflict", `losses.alone needs fusion "precision", not "${fusion}"`, {
      hint: "Only this fusion makes a prediction for each modality.",
    });
  if (awareness.statistics?.steady && fusion === "precision")
    throw new ConfigError(
      "config.conflict",
      'awareness.statistics.steady does not go with fusion "precision"',
      {
        hint: "Omit steady: with this fusion an uncertain modality already has less weight.",
      },
    );
  if (encoder.kind === "sequence" && hidden % encoder.heads !== 0)
    throw new ConfigError(
      "config.conflict",
      `encoder.heads (${encoder.heads}) must divide hidden (${hidden})`,
      { hint: "Choose a width that is a multiple of the number of heads." },
    );
}
