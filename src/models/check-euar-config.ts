import { ConfigError } from "../core/errors.js";
import type { EuarConfig } from "./euar-config.js";

/**
 * Checks what the schema cannot: options that are right by themselves and wrong together.
 * @throws ConfigError "config.conflict"
 */
export function checkEuarConfig({ hidden, encoder, experts }: EuarConfig): void {
  const { logVarMin, logVarMax } = experts;
  if (logVarMin >= logVarMax)
    throw new ConfigError(
      "config.conflict",
      `experts.logVarMin (${logVarMin}) must be below experts.logVarMax (${logVarMax})`,
    );
  if (encoder.kind === "sequence" && hidden % encoder.heads !== 0)
    throw new ConfigError(
      "config.conflict",
      `encoder.heads (${encoder.heads}) must divide hidden (${hidden})`,
      { hint: "Choose a width that is a multiple of the number of heads." },
    );
}
