import { DataError } from "../core/errors.js";
import { suggestion } from "../core/nearest.js";
import type { FeatureOrigin } from "../data/adapter-identity.js";
import { kindOfModality, mediumKinds, mediumNames, namesOfKind, spokenName } from "../data/medium-names.js";
import type { MediumKind } from "./adapter.js";
import type { ImagePart } from "./image/image-part.js";
import { kindOfAdapter } from "./registry.js";

/** A modality of a model that can be made of a raw medium. */
export interface ReadableModality {
  readonly name: string;
  readonly kind: MediumKind;
  /** Half of the image that it reads, where a file holds two. */
  readonly part?: ImagePart;
}

/**
 * The modalities of a model that raw media can give, with the kind of medium that each reads: its adapter's,
 * or what its name usually means where the model does not say what made its features.
 */
export function readableModalities(
  names: readonly string[],
  origins: Readonly<Record<string, FeatureOrigin>>,
): readonly ReadableModality[] {
  return names.flatMap((name): ReadableModality[] => {
    const origin = Object.hasOwn(origins, name) ? origins[name] : undefined;
    const kind = kindOf(name, origin);
    const part = origin?.preparation?.part;
    return kind === undefined ? [] : [{ name, kind, ...(part !== undefined && { part }) }];
  });
}

/** The modalities that data sets usually make of some kinds of media. */
export function usualModalities(...kinds: readonly MediumKind[]): readonly ReadableModality[] {
  return kinds.map((kind) => ({ name: mediumNames[kind].modality, kind }));
}

/** An adapter that is not there is named by the error of opening it. */
function kindOf(name: string, origin: FeatureOrigin | undefined): MediumKind | undefined {
  const [family] = origin?.adapter.split("/") ?? [];
  return (
    kindOfAdapter(origin?.adapter ?? "") ??
    kindOfModality(name) ??
    mediumKinds.find((kind) => kind === family)
  );
}

/**
 * The modality that a key of a raw sample means: the one of this name, or the only one that reads this kind
 * of medium. Undefined where there is none.
 * @throws DataError "data.unknown-modality" where several modalities read the kind
 */
export function modalityFor(key: string, modalities: readonly ReadableModality[]): string | undefined {
  if (modalities.some(({ name }) => name === key)) return key;
  const kind = mediumKinds.find((each) => namesOfKind(each).includes(key));
  const names = modalities.filter((modality) => modality.kind === kind).map(({ name }) => name);
  if (names.length <= 1) return names[0];
  throw new DataError("data.unknown-modality", `prediction: ${key} could be any of ${names.join(", ")}`, {
    hint: "Give each by the name of its modality.",
  });
}

/** Names that a sample's keys may have, for suggestions. */
export function keysOf(modalities: readonly ReadableModality[]): string[] {
  return modalities.map(({ name }) => spokenName(name));
}

/** @throws DataError "data.unknown-modality" always */
export function refuseKey(key: string, keys: readonly string[], modalities: readonly string[]): never {
  throw new DataError(
    "data.unknown-modality",
    `prediction: ${key} is given, but the model was trained on ${modalities.join(", ")}`,
    { hint: suggestion(key, keys) },
  );
}
