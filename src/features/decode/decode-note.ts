/** Something that was wrong with a clip of which the rest could be read. */
export interface DecodeNote {
  readonly code: "truncated" | "damaged";
  /** Share of the stream that is missing, in [0, 1]; 0 where it is not known. */
  readonly share: number;
  /** A clause without the file's name, e.g. "its video ends at 1.2 s of 10.0 s". */
  readonly message: string;
}
