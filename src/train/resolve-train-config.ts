import { ConfigError } from "../core/errors.js";
import { suggestion } from "../core/nearest.js";
import { type TrainConfig, trainConfigSchema } from "../models/train-config.js";

/**
 * A complete training configuration: the preset's values, overridden by `options` (undefined counts as left
 * out), completed by the defaults.
 * @param preset training's half of a model's preset
 * @throws ConfigError for an unknown option, or a value out of range
 */
export function resolveTrainConfig(
  options: Readonly<Record<string, unknown>> = {},
  preset: Partial<TrainConfig> = {},
): TrainConfig {
  const known = Object.keys(trainConfigSchema.shape);
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  for (const key of Object.keys(given)) {
    if (!known.includes(key))
      throw new ConfigError("config.unknown-key", `training has no option "${key}"`, {
        hint: suggestion(key, known),
      });
  }
  const parsed = trainConfigSchema.safeParse({ ...preset, ...given });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ConfigError(
    "config.invalid",
    `training option "${issue?.path.join(".") ?? ""}": ${issue?.message ?? "invalid"}`,
    {
      hint: "See the option's range in the help of `euar train`.",
      cause: parsed.error,
    },
  );
}
