/** Names that data sets and people give to the same modality. */
interface ModalityFamily {
  /** Usual name of the modality. */
  readonly modality: string;
  /** Other names in data sets. */
  readonly others: readonly string[];
  /** Word that people use, if it differs from the usual name. */
  readonly spoken?: string;
}

/** Modalities with several names, in the usual order of modalities in data sets. */
const families: readonly ModalityFamily[] = [
  { modality: "text", others: ["language"] },
  { modality: "audio", others: ["acoustic"] },
  { modality: "vision", others: ["video", "visual"], spoken: "video" },
];

/** Names of each modality with several names. */
export const nameFamilies: readonly (readonly string[])[] = families.map(({ modality, others }) => [
  modality,
  ...others,
]);

/** Returns all names of a modality. */
export function namesOfModality(modality: string): readonly string[] {
  return nameFamilies.find(([usual]) => usual === modality) ?? [modality];
}

/** Returns the word that people use for a modality: "video" for "vision", otherwise the name itself. */
export function spokenName(modality: string): string {
  return families.find((family) => family.modality === modality)?.spoken ?? modality;
}
