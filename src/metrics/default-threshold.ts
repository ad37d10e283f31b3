/** Default probability from which a label counts as present. */
export const DEFAULT_THRESHOLD = 0.5;
