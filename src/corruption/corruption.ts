/** One thing done to the features of a split; plain data, so that it can be stored in results. */
export interface Corruption {
  /** A kind of this package, or the name of one that `registerCorruption` added. */
  readonly kind: CorruptionKind | (string & Record<never, never>);
  /** Its strength: deviations for gaussian, a rate or share in [0, 1] for the others. */
  readonly amount: number;
  /** The modality it is done to; all when absent. Random missing always covers all. */
  readonly modality?: string;
}

/** What a kind does, in words for help texts, and the largest amount it takes. */
export const CORRUPTION_KINDS = {
  gaussian: {
    most: 1e6,
    help: "adds normal noise; the amount is in training standard deviations of each feature",
  },
  dropout: { most: 1, help: "sets each feature to its training mean with this probability" },
  "vector-dropout": {
    most: 1,
    help: "with this probability sets all features of a sample to their training means",
  },
  "frame-drop": { most: 1, help: "sets each real time step to the training mean with this probability" },
  "structural-drop": {
    most: 1,
    help: "sets one contiguous block of this share of the real time steps to the training mean",
  },
  "frame-zero": {
    most: 1,
    help: "sets each real time step to zeros with this probability, as TFR-Net's frame drop does",
  },
  "structural-zero": {
    most: 1,
    help: "sets one contiguous block of this share of the real time steps to zeros, as OpenVNA's structural drop does",
  },
  missing: {
    most: 1,
    help: "takes this share of the modalities away at random; every sample keeps at least one",
  },
} as const satisfies Readonly<Record<string, { readonly most: number; readonly help: string }>>;

/** Name of a kind of corruption of this package. */
export type CorruptionKind = keyof typeof CORRUPTION_KINDS;

export function isCorruptionKind(text: string): text is CorruptionKind {
  return Object.hasOwn(CORRUPTION_KINDS, text);
}

/** The specification that {@link parseCorruption} reads back, e.g. "text=gaussian:0.5". */
export function showCorruption({ kind, amount, modality }: Corruption): string {
  return `${modality === undefined ? "" : `${modality}=`}${kind}:${amount}`;
}
