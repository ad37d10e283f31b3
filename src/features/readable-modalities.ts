import { DataError } from "../core/errors.js";
import { suggestion } from "../core/nearest.js";
import type { FeatureOrigin } from "../data/adapter-identity.js";
import { spokenName } from "../data/modality-families.js";
import type { MediumKind } from "./adapter.js";
import type { ImagePart } from "./image/image-part.js";
import { kindOfAdapter, kindOfModality, media, mediumKinds, namesOfKind } from "./registry.js";

/** Modality of a model that raw media can provide. */
export interface ReadableModality {
  readonly name: string;
  readonly kind: MediumKind;
  /** Half of the picture that the modality reads, if a file holds two images. */
  readonly part?: ImagePart;
}

/**
 * Returns the modalities of a model that raw media can provide, each with its kind of medium. The adapter of
 * a modality determines the kind. Without an adapter, its name does.
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

/** Returns the usual modalities of some kinds of media. */
export function usualModalities(...kinds: readonly MediumKind[]): readonly ReadableModality[] {
  return kinds.map((kind) => ({ name: media[kind].modality, kind }));
}

/** Returns the kind of a modality. A missing adapter is reported when it is opened. */
function kindOf(name: string, origin: FeatureOrigin | undefined): MediumKind | undefined {
  const [family] = origin?.adapter.split("/") ?? [];
  return (
    kindOfAdapter(origin?.adapter ?? "") ??
    kindOfModality(name) ??
    mediumKinds.find((kind) => kind === family)
  );
}

/**
 * Returns the modality that a key of a raw sample means: the one of this name, or the only one that reads
 * this kind of medium. Undefined if there is none.
 * @throws DataError "data.unknown-modality" if several modalities read the kind
 */
export function modalityFor(key: string, modalities: readonly ReadableModality[]): string | undefined {
  if (modalities.some(({ name }) => name === key)) return key;
  const kind = mediumKinds.find((each) => namesOfKind(each).includes(key));
  const names = modalities.filter((modality) => modality.kind === kind).map(({ name }) => name);
  if (names.length <= 1) return names[0];
  throw new DataError("data.unknown-modality", `prediction: ${key} could be any of ${names.join(", ")}`, {
    hint: "Use the names of the modalities as keys.",
  });
}

/** Returns the keys that a sample may have, for suggestions. */
export function keysOf(modalities: readonly ReadableModality[]): string[] {
  return modalities.map(({ name }) => spokenName(name));
}

/**
 * Refuses an unknown key.
 * @throws DataError "data.unknown-modality" always
 */
export function refuseKey(key: string, keys: readonly string[], modalities: readonly string[]): never {
  throw new DataError(
    "data.unknown-modality",
    `prediction: ${key} is given, but the model was trained on ${modalities.join(", ")}`,
    { hint: suggestion(key, keys) },
  );
}
