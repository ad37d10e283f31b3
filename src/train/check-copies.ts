import { ConfigError } from "../core/errors.js";
import type { Dataset } from "../data/dataset.js";
import { RAW_COPIES, type TrainConfig } from "../models/train-config.js";

/**
 * Checks that the data set has the copies that a run trains on.
 * @throws ConfigError "config.conflict" if it has none, or if the request mixes them with corrupted features
 */
export function checkCopies({ copies }: TrainConfig, { name, copies: own }: Dataset): void {
  if (!copies.includes(RAW_COPIES)) return;
  const [other] = copies.filter((kind) => kind !== RAW_COPIES);
  if (other !== undefined)
    throw new ConfigError("config.conflict", `copies: "${RAW_COPIES}" and "${other}" exclude each other`, {
      hint: "Train on the corrupted copies of the data set, or on corrupted features.",
    });
  if (own === undefined || own.size === 0)
    throw new ConfigError("config.conflict", `${name} has no corrupted copies to train on`, {
      hint: "Make them with `euar extract --copies`, or name kinds of feature corruption in copies.",
    });
}
