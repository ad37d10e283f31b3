import { type DamagePart, parseDamage, showDamage } from "../corruption/damage-specification.js";
import { conditionNamed, requireUniqueNames } from "./condition-names.js";
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
  requireUniqueNames(protocol, all);
  return name === undefined ? all : [conditionNamed(protocol, all, name)];
}
