import { defined } from "../core/defined.js";
import { ConfigError, DataError } from "../core/errors.js";
import { type Corruption, showCorruption } from "../corruption/corruption.js";
import { parseCorruption } from "../corruption/parse-corruption.js";
import { findModality } from "../data/modality-names.js";
import { modalitySubsets } from "../data/subsets.js";
import { conditionNamed, requireUniqueNames } from "./condition-names.js";
import type { Condition, Protocol } from "./protocol-schema.js";

/** Condition for given modalities, with all defaults filled in. */
export interface ResolvedCondition {
  /** Unique within its protocol. */
  readonly name: string;
  /** Group in the summary. */
  readonly group: string | undefined;
  readonly rate: number | undefined;
  /** Corruptions in order; empty for none. */
  readonly corruption: readonly Corruption[];
  /** Available modalities, in the order of the modalities. All of them if the protocol names none. */
  readonly available: readonly string[];
}

/** Largest number of modalities whose subsets (1023) still fit in a table. */
const MOST_MODALITIES = 10;

/**
 * Resolves the conditions of a protocol for given modalities.
 *
 * @param modalities modalities in the order of the data or the model
 * @throws DataError "data.unknown-modality" if the protocol names a modality that is not in `modalities`
 * @throws ConfigError "config.invalid" for two conditions of the same name, subsets of more than ten
 * modalities, or missing rates that these modalities cannot have
 */
export function resolveConditions(protocol: Protocol, modalities: readonly string[]): ResolvedCondition[] {
  const conditions = protocol.conditions === "every-subset" ? [{ everySubset: true }] : protocol.conditions;
  if (conditions.some(({ everySubset }) => everySubset === true) && modalities.length > MOST_MODALITIES) {
    throw new ConfigError(
      "config.invalid",
      `protocol ${protocol.name}: ${modalities.length} modalities have too many subsets.`,
      {
        hint:
          `Choose at most ${MOST_MODALITIES} modalities, or list the subsets you need under ` +
          `"conditions".`,
      },
    );
  }
  const resolved = conditions.flatMap((condition) => resolveOne(condition, modalities, protocol));
  requireUniqueNames(protocol.name, resolved);
  return resolved;
}

/**
 * Returns a condition by name.
 *
 * @throws ConfigError "config.invalid" with the nearest name
 */
export function findCondition(
  protocol: Protocol,
  modalities: readonly string[],
  name: string,
): ResolvedCondition {
  return conditionNamed(protocol.name, resolveConditions(protocol, modalities), name);
}

function resolveOne(
  condition: Condition,
  modalities: readonly string[],
  { name: protocol }: Protocol,
): ResolvedCondition[] {
  const { rate, group } = condition;
  const place = `protocol ${protocol}`;
  return variantsOf(condition, modalities, place).map(({ corruption, available, suffix }) => ({
    name: nameOf(condition, corruption, available, suffix),
    group,
    rate,
    corruption,
    available: available ?? modalities,
  }));
}

/** One of the conditions that a condition of a protocol stands for. */
interface Variant {
  readonly corruption: readonly Corruption[];
  /** Absent: all modalities. */
  readonly available?: readonly string[] | undefined;
  /** Part of the name if the condition has one, to tell its variants apart. */
  readonly suffix?: string;
}

function variantsOf(condition: Condition, modalities: readonly string[], place: string): Variant[] {
  const { noise, perModality, everySubset, imbalanced } = condition;
  if (imbalanced !== undefined)
    return imbalancedRates(imbalanced, modalities, place).map((rates, m) => ({
      corruption: rates.map((amount, i) => ({ kind: "missing", amount, modality: defined(modalities[i]) })),
      suffix: defined(modalities[m]),
    }));
  const parts = noise === undefined ? [] : parseCorruption(noise);
  if (perModality === true)
    return modalities.map((modality) => ({
      corruption: parts.map((part) => ({ ...part, modality })),
      suffix: modality,
    }));
  const corruption = parts.map((part) => onKnown(part, modalities, place));
  if (everySubset === true)
    return modalitySubsets(modalities).map((available) => ({
      corruption,
      available,
      suffix: available.join("+"),
    }));
  const asked = condition.available?.map((name) => findModality(name, modalities, place));
  return [{ corruption, available: asked && modalities.filter((modality) => asked.includes(modality)) }];
}

/**
 * Returns the missing rates of each modality, once for each modality that is the fragile one.
 *
 * @returns rates in the order of the modalities, [M][M]
 * @throws ConfigError "config.invalid" if the others would need a rate outside [0, 1]
 */
function imbalancedRates(
  { mean, fragile }: NonNullable<Condition["imbalanced"]>,
  modalities: readonly string[],
  place: string,
): number[][] {
  const count = modalities.length;
  const others = Number(((count * mean - fragile) / (count - 1)).toPrecision(12));
  if (count < 2 || others < 0 || others > 1)
    throw new ConfigError(
      "config.invalid",
      `${place}: missing rates of ${count} modalities cannot have the mean ${mean} if one is ${fragile}.`,
      { hint: "Use rates that are closer to each other, and two modalities or more." },
    );
  return modalities.map((_, m) => modalities.map((__, i) => (i === m ? fragile : others)));
}

function onKnown(part: Corruption, modalities: readonly string[], place: string): Corruption {
  if (part.modality === undefined) return part;
  if (modalities.length === 0)
    throw new DataError("data.unknown-modality", `${place}: there are no modalities.`);
  return { ...part, modality: findModality(part.modality, modalities, place) };
}

function nameOf(
  { name }: Condition,
  corruption: readonly Corruption[],
  available: readonly string[] | undefined,
  suffix: string | undefined,
): string {
  if (name !== undefined) return suffix === undefined ? name : `${name}/${suffix}`;
  const parts = [
    ...(available === undefined ? [] : [available.join("+")]),
    ...(corruption.length === 0 ? [] : [corruption.map(showCorruption).join(",")]),
  ];
  return parts.length === 0 ? "clean" : parts.join(" ");
}
