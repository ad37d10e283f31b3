import { ConfigError } from "../core/errors.js";
import { suggestion } from "../core/nearest.js";

/**
 * Returns the name as a key of the presets.
 *
 * @throws ConfigError "config.invalid" for a name that is not a preset
 */
export function presetNamed<Presets extends object>(presets: Presets, name: string): keyof Presets {
  if (isPreset(presets, name)) return name;
  throw new ConfigError("config.invalid", `there is no noise "${name}"`, {
    hint: suggestion(name, Object.keys(presets)),
  });
}

function isPreset<Presets extends object>(presets: Presets, name: PropertyKey): name is keyof Presets {
  return Object.hasOwn(presets, name);
}
