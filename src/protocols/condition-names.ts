import { ConfigError } from "../core/errors.js";
import { suggestion } from "../core/nearest.js";

interface Named {
  readonly name: string;
}

/** @throws ConfigError "config.invalid" if two conditions of a protocol have the same name */
export function requireUniqueNames(protocol: string, conditions: readonly Named[]): void {
  const names = conditions.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return;
  throw new ConfigError("config.invalid", `protocol ${protocol}: two conditions have the name "${twice}".`, {
    hint: "Give one of them another name.",
  });
}

/**
 * Returns the condition with a name.
 * @throws ConfigError "config.invalid" with the nearest name
 */
export function conditionNamed<Condition extends Named>(
  protocol: string,
  conditions: readonly Condition[],
  name: string,
): Condition {
  const found = conditions.find((condition) => condition.name === name);
  if (found !== undefined) return found;
  throw new ConfigError("config.invalid", `protocol ${protocol} has no condition "${name}".`, {
    hint: suggestion(
      name,
      conditions.map((condition) => condition.name),
    ),
  });
}
