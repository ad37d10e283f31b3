import { ConfigError } from "../core/errors.js";
import { suggestion } from "../core/nearest.js";
import type { euarPresets } from "../models/euar-config.js";
import { type TrainConfig, trainConfigSchema } from "../runs/train-config.js";

/** Batch 16, 100 epochs, Adam; the paper names no learning rate. */
const paper: Partial<TrainConfig> = { optimiser: "adam", batchSize: 16, epochs: 100, schedule: "plateau" };

/** What the published code does with everything but BERT. */
const officialCode: Partial<TrainConfig> = {
  optimiser: "adam",
  learningRate: 2e-5,
  batchSize: 32,
  epochs: 200,
  schedule: "plateau",
  plateauPatience: 2,
  plateauFactor: 0.9,
  patience: 0,
  outputStart: "zero",
};

/**
 * The paper's, with corrupted copies that teach the variances, the gate and the prediction, slower steps, and
 * averaged weights.
 */
const aware: Partial<TrainConfig> = {
  ...paper,
  learningRate: 3e-4,
  averageDecay: 0.998,
  copies: ["noise", "dropout", "block", "saturation"],
  copiesKeep: 0.25,
};

/** Training's side of EUAR's presets, under the same names; explicit options override them. */
export const trainPresets: Readonly<Record<keyof typeof euarPresets, Partial<TrainConfig>>> = {
  paper,
  "paper-32": paper,
  aware,
  "mlp-experts": paper,
  "official-code": officialCode,
};

/**
 * A complete training configuration: the preset's values, overridden by `options` (undefined counts as left
 * out), completed by the defaults.
 * @throws ConfigError for an unknown option or preset, or a value out of range
 */
export function resolveTrainConfig(
  options: Readonly<Record<string, unknown>> = {},
  preset?: string,
): TrainConfig {
  const known = Object.keys(trainConfigSchema.shape);
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  for (const key of Object.keys(given)) {
    if (!known.includes(key))
      throw new ConfigError("config.unknown-key", `training has no option "${key}"`, {
        hint: suggestion(key, known),
      });
  }
  const parsed = trainConfigSchema.safeParse({ ...presetNamed(preset), ...given });
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

function presetNamed(name: string | undefined): Partial<TrainConfig> {
  if (name === undefined) return {};
  const found = Object.entries(trainPresets).find(([known]) => known === name);
  if (!found)
    throw new ConfigError("config.invalid", `there is no training preset "${name}"`, {
      hint: suggestion(name, Object.keys(trainPresets)),
    });
  return found[1];
}
