/** Names of the modality of a kind of medium. */
export interface MediumNames {
  /** Name of the modality that data sets usually make of it. */
  readonly modality: string;
  /** Other names that data sets give to this modality. */
  readonly aliases: readonly string[];
}

/**
 * Kinds of media by the word that people use for them, with the names of their modality in data sets.
 * `features/registry.ts` has everything else about each kind.
 */
export const mediumNames = {
  text: { modality: "text", aliases: ["language"] },
  audio: { modality: "audio", aliases: ["acoustic"] },
  video: { modality: "vision", aliases: ["visual"] },
  image: { modality: "image", aliases: [] },
} as const satisfies Readonly<Record<string, MediumNames>>;

export type MediumKind = keyof typeof mediumNames;

/** In the order in which data sets have their modalities. */
export const mediumKinds = Object.keys(mediumNames) as readonly MediumKind[];

/** Names under which data sets or people may know the modality of a kind. */
export function namesOfKind(kind: MediumKind): readonly string[] {
  const { modality, aliases } = mediumNames[kind];
  return [...new Set([modality, kind, ...aliases])];
}

/** The kind whose modality usually has this name; undefined for a name of the user's own. */
export function kindOfModality(name: string): MediumKind | undefined {
  return mediumKinds.find((kind) => mediumNames[kind].modality === name);
}

/** The word that people use for a modality: "video" for "vision", its own name for any other. */
export function spokenName(modality: string): string {
  return kindOfModality(modality) ?? modality;
}
