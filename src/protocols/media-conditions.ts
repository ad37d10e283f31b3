import { ConfigError } from "../core/errors.js";
import { suggestion } from "../core/nearest.js";
import { type DamagePart, parseDamage, showDamage } from "../corruption/damage-specification.js";
import type { Protocol } from "./protocol-schema.js";

/** Condition of a protocol that corrupts raw media. */
export interface MediaCondition {
  readonly name: string;
  /** Corruptions in order; empty for none. */
  readonly parts: readonly DamagePart[];
}

/** Returns true if a condition of the protocol corrupts raw media. */
export function corruptsMedia({ conditions }: Protocol): boolean {
  return conditions !== "every-subset" && conditions.some(({ damage }) => damage !== undefined);
}

/**
 * Returns the conditions of a protocol that corrupts raw media.
 *
 * @param name name of the only condition to return. Default: all conditions
 * @throws ConfigError "config.invalid" for two conditions of the same name, or an unknown name
 */
export function mediaConditions(
  { name: protocol, conditions }: Protocol,
  name?: string,
): readonly MediaCondition[] {
  const all = (conditions === "every-subset" ? [] : conditions).map(({ name: given, damage }) => {
    const parts = damage === undefined ? [] : parseDamage(damage);
    return { name: given ?? (parts.map(showDamage).join(",") || "clean"), parts };
  });
  const names = all.map((condition) => condition.name);
  const twice = names.find((one, i) => names.indexOf(one) !== i);
  if (twice !== undefined)
    throw new ConfigError(
      "config.invalid",
      `protocol ${protocol}: two conditions have the name "${twice}".`,
      { hint: "Give one of them another name." },
    );
  if (name === undefined) return all;
  const found = all.filter((condition) => condition.name === name);
  if (found.length > 0) return found;
  throw new ConfigError("config.invalid", `protocol ${protocol} has no condition "${name}".`, {
    hint: suggestion(name, names),
  });
}
