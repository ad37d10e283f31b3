/** Appears in a compiler's message where a sample without any modality was given. */
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

/**
 * Forbids the keys of a type that `Known` does not have, as an argument without type parameters would. Keys that
 * are not known before run time pass.
 */
export type OnlyKnown<Sample, Known> = string extends keyof Sample
  ? unknown
  : Readonly<Record<Exclude<keyof Sample, keyof Known>, never>>;
