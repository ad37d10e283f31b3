/**
 * Returns all non-empty subsets of the modalities: first the single ones in the given order, then pairs, and
 * so on. The last one has all modalities. For text, audio and vision these are the seven columns of the usual
 * table of missing modalities.
 * @param modalities M distinct names
 * @returns 2^M - 1 lists, each in the given order
 */
export function modalitySubsets(modalities: readonly string[]): string[][] {
  const subsets: string[][] = [];
  for (let size = 1; size <= modalities.length; size++) collect(modalities, size, 0, [], subsets);
  return subsets;
}

function collect(
  names: readonly string[],
  size: number,
  from: number,
  chosen: string[],
  out: string[][],
): void {
  if (chosen.length === size) {
    out.push(chosen);
    return;
  }
  for (let i = from; i < names.length; i++)
    collect(names, size, i + 1, [...chosen, ...names.slice(i, i + 1)], out);
}
