import { ConfigError } from "../core/errors.js";
import type { Model } from "../models/model.js";
import { type TrainConfig, trainConfigSchema } from "../models/train-config.js";

/** What still means something where an epoch is a solution and not a series of steps. */
const stillUsed: ReadonlySet<string> = new Set<keyof TrainConfig>([
  "seed",
  "epochs",
  "patience",
  "selectBy",
  "normalise",
  "normaliseLength",
  "normaliseClip",
]);

/**
 * A model with a closed form takes no steps: options about steps would be ignored, so they are refused.
 * @throws ConfigError "config.conflict" naming the first one that is not at its default
 */
export function refuseStepOptions({ name, solve }: Model, config: TrainConfig): void {
  if (!solve) return;
  const defaults: Readonly<Record<string, unknown>> = trainConfigSchema.parse({});
  const foreign = Object.entries(config).find(
    ([key, value]) => !stillUsed.has(key) && JSON.stringify(value) !== JSON.stringify(defaults[key]),
  );
  if (!foreign) return;
  throw new ConfigError(
    "config.conflict",
    `the model "${name}" is solved in closed form and takes no steps: the training option "${foreign[0]}" means nothing to it`,
    {
      hint: `Leave it out. Options that it has: ${[...stillUsed].join(", ")}.`,
    },
  );
}
