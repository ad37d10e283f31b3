import { ConfigError, DataError } from "../core/errors.js";
import { suggestion } from "../core/nearest.js";
import { type Corruption, showCorruption } from "../corruption/corruption.js";
import { parseCorruption } from "../corruption/parse-corruption.js";
import { findModality } from "../data/modality-names.js";
import { modalitySubsets } from "../data/subsets.js";
import type { Condition, Protocol } from "./protocol.js";

/** Condition for given modalities, with all defaults filled in. */
export interface ResolvedCondition {
  /** Unique within its protocol. */
  readonly name: string;
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
 * @throws ConfigError "config.invalid" for two conditions of the same name, or subsets of more than ten
 * modalities
 */
export function resolveConditions(protocol: Protocol, modalities: readonly string[]): ResolvedCondition[] {
  const { conditions } = protocol;
  if (conditions === "every-subset" && modalities.length > MOST_MODALITIES) {
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
  const resolved =
    conditions === "every-subset"
      ? modalitySubsets(modalities).map((available) => ({
          name: available.join("+"),
          rate: undefined,
          corruption: [],
          available,
        }))
      : conditions.flatMap((condition) => resolveOne(condition, modalities, protocol));
  const twice = resolved.find(({ name }, i) => resolved.findIndex((other) => other.name === name) !== i);
  if (twice !== undefined)
    throw new ConfigError(
      "config.invalid",
      `protocol ${protocol.name}: two conditions have the name "${twice.name}".`,
      { hint: "Give one of them another name." },
    );
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
  const conditions = resolveConditions(protocol, modalities);
  const found = conditions.find((condition) => condition.name === name);
  if (found !== undefined) return found;
  throw new ConfigError("config.invalid", `protocol ${protocol.name} has no condition "${name}".`, {
    hint: suggestion(
      name,
      conditions.map((condition) => condition.name),
    ),
  });
}

function resolveOne(
  condition: Condition,
  modalities: readonly string[],
  { name: protocol }: Protocol,
): ResolvedCondition[] {
  const { rate } = condition;
  const place = `protocol ${protocol}`;
  const available = condition.available?.map((name) => findModality(name, modalities, place));
  const visible =
    available === undefined ? modalities : modalities.filter((modality) => available.includes(modality));
  const parts = condition.noise === undefined ? [] : parseCorruption(condition.noise);
  const noises =
    condition.perModality === true
      ? modalities.map((modality) => parts.map((part) => ({ ...part, modality })))
      : [parts.map((part) => onKnown(part, modalities, place))];
  return noises.map((corruption) => {
    const defaultName = nameOf(corruption, available === undefined ? undefined : visible);
    const modality = condition.perModality === true ? (corruption[0]?.modality ?? "") : undefined;
    return {
      name:
        condition.name === undefined
          ? defaultName
          : modality === undefined
            ? condition.name
            : `${condition.name}/${modality}`,
      rate,
      corruption,
      available: visible,
    };
  });
}

function onKnown(part: Corruption, modalities: readonly string[], place: string): Corruption {
  if (part.modality === undefined) return part;
  if (modalities.length === 0)
    throw new DataError("data.unknown-modality", `${place}: there are no modalities.`);
  return { ...part, modality: findModality(part.modality, modalities, place) };
}

function nameOf(corruption: readonly Corruption[], available: readonly string[] | undefined): string {
  const parts = [
    ...(available === undefined ? [] : [available.join("+")]),
    ...(corruption.length === 0 ? [] : [corruption.map(showCorruption).join(",")]),
  ];
  return parts.length === 0 ? "clean" : parts.join(" ");
}
