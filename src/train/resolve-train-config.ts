import { checkOptions } from "../core/check-options.js";
import { type TrainConfig, trainConfigSchema } from "../models/train-config.js";

/**
 * Returns a complete training configuration: `options` over the preset's values over the defaults.
 *
 * An option that is undefined counts as absent.
 * @param preset the training part of a model's preset
 * @throws ConfigError for an unknown option, or a value out of range
 */
export function resolveTrainConfig(
  options: Readonly<Record<string, unknown>> = {},
  preset: Partial<TrainConfig> = {},
): TrainConfig {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return checkOptions(
    trainConfigSchema,
    { ...preset, ...given },
    "training",
    "See the option's range in the help of `euar train`.",
  );
}
