/** Type that the compiler's message shows for a sample without any modality. */
export interface NothingGiven {
  readonly "give at least one modality": never;
}

/**
 * Requires at least one key of a type: `{}` does not compile as an argument of type `Sample &
 * SomeInput<Sample>`.
 */
export type SomeInput<Sample> = Sample extends unknown
  ? keyof Sample extends never
    ? NothingGiven
    : unknown
  : never;
