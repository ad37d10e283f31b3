import { ConfigError } from "../core/errors.js";
import type { EuarConfig } from "./euar-config.js";

/** Options that do nothing without statistics of the input. */
const ON_STATISTICS = ["statisticsGate", "statisticsDropout", "steady"] as const;

/** @throws ConfigError "config.conflict" for options that contradict each other */
export function checkEuarConfig(config: EuarConfig): void {
  for (const name of ON_STATISTICS) {
    if (Number(config[name]) > 0 && config.statistics === 0) {
      throw new ConfigError("config.conflict", `${name} needs statistics, which are 0`, {
        hint: `Give statistics a number of hidden units, for example 16, or leave ${name} out.`,
      });
    }
  }
  if (config.logVarMin >= config.logVarMax) {
    throw new ConfigError(
      "config.conflict",
      `logVarMin (${config.logVarMin}) must be below logVarMax (${config.logVarMax})`,
    );
  }
  if (config.encoder === "sequence" && config.hidden % config.encoderHeads !== 0) {
    throw new ConfigError(
      "config.conflict",
      `encoderHeads (${config.encoderHeads}) must divide hidden (${config.hidden})`,
      {
        hint: "Choose a width that is a multiple of the number of heads.",
      },
    );
  }
}
