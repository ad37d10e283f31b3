/** How to read a data set. */
export interface LoadOptions {
  /** Modalities to read, in this order; others are not read at all. Default: all that the source has. */
  readonly modalities?: readonly string[] | undefined;
  /** Which labels to learn, where the source has several; see docs/formats.md. */
  readonly target?: string | undefined;
  /** "mean": sequences become one vector per sample, the mean of their real steps. Default "none". */
  readonly pool?: "none" | "mean" | undefined;
}
