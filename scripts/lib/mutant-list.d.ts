/** Deliberate mistake: once `text` is replaced in `file`, each of `tests` must fail. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly text: string;
  readonly replacement: string;
  readonly tests: readonly string[];
}

export const mutants: readonly Mutant[];
export function listFaults(root: string): string[];
