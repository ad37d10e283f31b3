import { ConfigError } from "../core/errors.js";
import type { Model } from "../models/model.js";
import { RAW_COPIES, type TrainConfig, trainConfigSchema } from "../models/train-config.js";

/** Training options that a model with a closed-form solution uses. All others are about optimiser steps. */
const usedOptions: ReadonlySet<string> = new Set<keyof TrainConfig>([
  "seed",
  "epochs",
  "patience",
  "selectBy",
  "normalise",
  "normaliseLength",
  "normaliseClip",
]);

/**
 * Refuses options about optimiser steps for a model that is solved in closed form. They would have no effect.
 *
 * @throws ConfigError "config.conflict" naming the first such option that is not at its default
 */
export function refuseStepOptions({ name, solve }: Model, config: TrainConfig): void {
  if (!solve) return;
  const defaults: Readonly<Record<string, unknown>> = trainConfigSchema.parse({});
  const raw = config.copies.includes(RAW_COPIES); // appended to the training samples
  const unused = Object.entries(config).find(
    ([key, value]) =>
      !(usedOptions.has(key) || (key === "copies" && raw)) &&
      JSON.stringify(value) !== JSON.stringify(defaults[key]),
  );
  if (!unused) return;
  throw new ConfigError(
    "config.conflict",
    `the model "${name}" is solved in closed form: the training option "${unused[0]}" has no effect`,
    {
      hint:
        `Leave it out. Training options of this model: ${[...usedOptions].join(", ")}; ` +
        `copies only with ${RAW_COPIES}.`,
    },
  );
}
