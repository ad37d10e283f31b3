import { ConfigError, DataError } from "../core/errors.js";
import { suggestion } from "../core/nearest.js";
import { type Corruption, showCorruption } from "../data/corrupt/corruption.js";
import { parseCorruption } from "../data/corrupt/parse-corruption.js";
import { findModality } from "../data/modality-names.js";
import { modalitySubsets } from "../data/subsets.js";
import type { Condition, Protocol } from "./protocol.js";

/** A condition for given modalities: nothing is left open. */
export interface ResolvedCondition {
  /** Unique within its protocol. */
  readonly name: string;
  readonly rate: number | undefined;
  /** In order; empty for nothing. */
  readonly corruption: readonly Corruption[];
  /** In the order of the modalities; all of them where the protocol names none. */
  readonly available: readonly string[];
}

/** Of whose subsets (1023) a table can still be made. */
const MOST_MODALITIES = 10;

/**
 * What a protocol does to data with these modalities.
 * @param modalities in the data's or the model's order
 * @throws DataError "data.unknown-modality" for a modality that is not among them; ConfigError
 * "config.invalid" for two conditions of one name, or for the subsets of more
 *   than ten modalities
 */
export function resolveConditions(protocol: Protocol, modalities: readonly string[]): ResolvedCondition[] {
  const { conditions } = protocol;
  if (conditions === "every-subset" && modalities.length > MOST_MODALITIES) {
    throw new ConfigError(
      "config.invalid",
      `protocol ${protocol.name}: ${modalities.length} modalities have too many subsets.`,
      {
        hint: `Choose at most ${MOST_MODALITIES} of them, or list the subsets that matter under "conditions".`,
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
 * The condition of a name.
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
  const available = condition.available?.map((asked) => findModality(asked, modalities, place));
  const seen =
    available === undefined ? modalities : modalities.filter((modality) => available.includes(modality));
  const parts = condition.noise === undefined ? [] : parseCorruption(condition.noise);
  const noises =
    condition.perModality === true
      ? modalities.map((modality) => parts.map((part) => ({ ...part, modality })))
      : [parts.map((part) => onKnown(part, modalities, place))];
  return noises.map((corruption) => {
    const own = nameOf(corruption, available === undefined ? undefined : seen);
    const only = condition.perModality === true ? (corruption[0]?.modality ?? "") : undefined;
    return {
      name:
        condition.name === undefined
          ? own
          : only === undefined
            ? condition.name
            : `${condition.name}/${only}`,
      rate,
      corruption,
      available: seen,
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
