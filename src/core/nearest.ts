import { defined } from "./defined.js";
/**
 * Optimal string alignment distance. Insertions, deletions, substitutions and swaps of neighbours cost 1
 * each.
 */
export function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = defined(previous[j - 1]) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(defined(previous[j]) + 1, defined(current[j - 1]) + 1, substitution);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, defined(beforePrevious[j - 2]) + 1);
      current.push(best);
    }
    beforePrevious = previous;
    previous = current;
  }
  return defined(previous[b.length]);
}

/**
 * Returns the candidate that `word` probably means, or undefined if none is close.
 *
 * A candidate is close if at most a third of the letters differ (or one letter), or if `word` is the
 * beginning of exactly one candidate. Ignores case, `-` and `_`.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const plain = (text: string): string => text.toLowerCase().replace(/[-_]/g, "").slice(0, 100);
  const wanted = plain(word);
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, plain(candidate));
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  if (
    best !== undefined &&
    bestDistance <= Math.max(1, Math.floor(Math.max(wanted.length, plain(best).length) / 3))
  )
    return best;
  const completions =
    wanted.length >= 2 ? candidates.filter((candidate) => plain(candidate).startsWith(wanted)) : [];
  return completions.length === 1 ? completions[0] : undefined;
}

/** Returns `Did you mean "x"?`, or the list of candidates if none is close. */
export function suggestion(word: string, candidates: readonly string[]): string {
  const match = nearest(word, candidates);
  if (match !== undefined) return `Did you mean "${match}"?`;
  return candidates.length === 0 ? "None are known here." : `Known: ${[...candidates].sort().join(", ")}.`;
}
