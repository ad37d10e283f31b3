import { ConfigError } from "../core/errors.js";
import { parseDamage, showDamage } from "../corruption/damage-specification.js";
import { parseCorruption } from "../corruption/parse-corruption.js";
import type { Condition, Protocol } from "./protocol-schema.js";

/** Returns true if a condition stands for several, such as one per modality. */
export function makesSeveral({ perModality, everySubset, imbalanced }: Condition): boolean {
  return perModality === true || everySubset === true || imbalanced !== undefined;
}

/** Returns true if a condition changes features, or the modalities that are available. */
export function changesFeatures(condition: Condition): boolean {
  return condition.noise !== undefined || condition.available !== undefined || makesSeveral(condition);
}

/**
 * Checks that the keys of a condition fit each other, and that its noise can be read.
 *
 * @param place place of the condition, for messages
 * @throws ConfigError "config.invalid"
 */
export function checkCondition(condition: Condition, { models }: Protocol, place: string): void {
  const { noise, perModality, available, everySubset } = condition;
  const wrong = (problem: string, hint: string): ConfigError =>
    new ConfigError("config.invalid", `${place}: ${problem}`, { hint });
  if (available !== undefined && new Set(available).size !== available.length)
    throw wrong("a modality is available twice.", "Name each modality once.");
  if (models === "retrain" && available === undefined && everySubset !== true) {
    throw wrong(
      `"models": "retrain" needs the modalities of each condition.`,
      'Set "available": [...], or "models": "one-model".',
    );
  }
  checkKeys(condition, wrong);
  checkDamage(condition, place);
  if (noise === undefined) {
    if (perModality === true)
      throw wrong("perModality without noise does nothing.", "Set noise, or omit perModality.");
    return;
  }
  const parts = reading(place, () => parseCorruption(noise));
  if (perModality === true && parts.some(({ modality }) => modality !== undefined)) {
    throw wrong(
      `perModality needs noise without a modality name, not "${noise}".`,
      'For example "gaussian:1".',
    );
  }
}

/** Refuses keys that contradict each other. */
function checkKeys(condition: Condition, wrong: (problem: string, hint: string) => ConfigError): void {
  const { noise, perModality, available, everySubset, imbalanced, damage } = condition;
  if (everySubset === true && (available !== undefined || perModality === true || imbalanced !== undefined))
    throw wrong(
      "everySubset determines the modalities, so available, perModality and imbalanced do not fit.",
      "Leave them out.",
    );
  if (imbalanced !== undefined && (noise !== undefined || perModality === true))
    throw wrong(
      "imbalanced determines the missing modalities, so noise and perModality do not fit.",
      'For other rates, use noise such as "text=missing:0.3,audio=missing:0.5".',
    );
  if (damage !== undefined && changesFeatures(condition))
    throw wrong("damage changes raw media and does not fit keys for features.", "Leave the others out.");
}

function checkDamage({ damage }: Condition, place: string): void {
  if (damage === undefined) return;
  const open = reading(place, () => parseDamage(damage)).find(({ severity }) => severity === undefined);
  if (open === undefined) return;
  throw new ConfigError("config.invalid", `${place}: ${showDamage(open)} has no severity.`, {
    hint: `For example: ${showDamage({ ...open, severity: [0.5, 0.5] })}.`,
  });
}

/** Adds the place to the error of a reader. */
function reading<Result>(place: string, read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    throw new ConfigError("config.invalid", `${place}: ${cause.message}`, {
      ...(cause.hint !== undefined && { hint: cause.hint }),
      cause,
    });
  }
}
