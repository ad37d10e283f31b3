/** Defect of a clip. The rest of the clip could be read. */
export interface DecodeNote {
  readonly code: "truncated" | "damaged";
  /** Fraction of the stream that is missing, in [0, 1]. 0 if unknown. */
  readonly share: number;
  /** Clause without the file name, e.g. "its video ends at 1.2 s of 10.0 s". */
  readonly message: string;
}
