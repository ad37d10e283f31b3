/** Names that data sets give to the modality of a kind of medium. */
export interface MediumNames {
  /** Usual name of the modality. */
  readonly modality: string;
  /** Other names of this modality. */
  readonly aliases: readonly string[];
}

/**
 * Kinds of media with the names of their modality in data sets. The keys are the words that people use.
 * `features/registry.ts` has everything else about each kind.
 */
export const mediumNames = {
  text: { modality: "text", aliases: ["language"] },
  audio: { modality: "audio", aliases: ["acoustic"] },
  video: { modality: "vision", aliases: ["visual"] },
  image: { modality: "image", aliases: [] },
} as const satisfies Readonly<Record<string, MediumNames>>;

export type MediumKind = keyof typeof mediumNames;

/** Kinds in the usual order of modalities in data sets. */
export const mediumKinds = Object.keys(mediumNames) as readonly MediumKind[];

/** Returns all names of the modality of a kind, in data sets and in speech. */
export function namesOfKind(kind: MediumKind): readonly string[] {
  const { modality, aliases } = mediumNames[kind];
  return [...new Set([modality, kind, ...aliases])];
}

/** Returns the kind of a modality with this name; undefined for a name that the user chose. */
export function kindOfModality(name: string): MediumKind | undefined {
  return mediumKinds.find((kind) => mediumNames[kind].modality === name);
}

/** Returns the word that people use for a modality: "video" for "vision", otherwise the name itself. */
export function spokenName(modality: string): string {
  return kindOfModality(modality) ?? modality;
}
