import { ConfigError } from "../core/errors.js";
import type { EuarConfig } from "./euar-config.js";

/**
 * Checks what the schema cannot: options that are right by themselves and wrong together.
 * @throws ConfigError "config.conflict"
 */
export function checkEuarConfig({ hidden, encoder, experts, fusion, losses, awareness }: EuarConfig): void {
  const { logVarMin, logVarMax } = experts;
  if (logVarMin >= logVarMax)
    throw new ConfigError(
      "config.conflict",
      `experts.logVarMin (${logVarMin}) must be below experts.logVarMax (${logVarMax})`,
    );
  if (losses.alone !== null && fusion !== "precision")
    throw new ConfigError("config.conflict", `losses.alone needs fusion "precision", not "${fusion}"`, {
      hint: "With other fusions a modality has no prediction of its own.",
    });
  if (awareness.statistics?.steady && fusion === "precision")
    throw new ConfigError(
      "config.conflict",
      'awareness.statistics.steady does not go with fusion "precision"',
      {
        hint: "Leave out steady: a doubted modality already has less weight.",
      },
    );
  if (encoder.kind === "sequence" && hidden % encoder.heads !== 0)
    throw new ConfigError(
      "config.conflict",
      `encoder.heads (${encoder.heads}) must divide hidden (${hidden})`,
      { hint: "Choose a width that is a multiple of the number of heads." },
    );
}
