import { DataError } from "../core/errors.js";
import { suggestion } from "../core/nearest.js";
import { nameFamilies } from "./modality-families.js";

function familyOf(name: string): number {
  return nameFamilies.findIndex((family) => family.includes(name.toLowerCase()));
}

/** Sorts names: text, audio, vision first, then the others in the order of the source. */
export function inUsualOrder(names: readonly string[]): string[] {
  const rank = (name: string): number => (familyOf(name) < 0 ? nameFamilies.length : familyOf(name));
  return names
    .map((name, i) => ({ name, i }))
    .sort((a, b) => rank(a.name) - rank(b.name) || a.i - b.i)
    .map(({ name }) => name);
}

/**
 * Returns the source's names of the requested modalities. Finds other names of a modality too, e.g. "vision"
 * for "video".
 * @throws DataError "data.unknown-modality" listing the existing modalities
 */
export function chooseModalities(
  asked: readonly string[] | undefined,
  available: readonly string[],
  place: string,
): string[] {
  if (asked === undefined) return inUsualOrder(available);
  if (asked.length === 0)
    throw new DataError("data.unknown-modality", `${place}: no modality was requested.`, {
      hint: `Choose from: ${available.join(", ")}.`,
    });
  const chosen = asked.map((name) => findModality(name, available, place));
  const twice = chosen.find((name, i) => chosen.indexOf(name) !== i);
  if (twice !== undefined)
    throw new DataError("data.unknown-modality", `${place}: the modality "${twice}" was requested twice.`);
  return chosen;
}

/**
 * Refuses names that every JavaScript object has, because models, results and files are found by name.
 * @throws DataError "data.unknown-modality"
 */
export function requireUsableNames(names: readonly string[], place: string): void {
  const bad = names.find((name) => name in Object.prototype);
  if (bad === undefined) return;
  throw new DataError("data.unknown-modality", `${place}: no modality can have the name "${bad}".`, {
    hint: "Rename it: this name has a special meaning in JavaScript.",
  });
}

/** Finds one name as {@link chooseModalities} does. */
export function findModality(name: string, available: readonly string[], place: string): string {
  if (available.includes(name)) return name;
  const family = familyOf(name);
  const relative = family < 0 ? undefined : available.find((candidate) => familyOf(candidate) === family);
  if (relative !== undefined) return relative;
  throw new DataError("data.unknown-modality", `${place}: there is no modality "${name}".`, {
    hint: suggestion(name, available),
  });
}
