/** First measure of every modality's stored quality: 1 = no problem, 0 = unusable. */
export const SCORE = "score";

/** Quality of an input, as far as data sets store it. */
interface MeasuredQuality {
  readonly score: number;
  readonly problems: readonly { readonly code: string; readonly severity: number }[];
}

/**
 * Returns the measures that data sets store: the score, and for each problem its largest severity, 0 if the
 * input does not have it.
 * @param names [Q], "score" or codes of problems
 * @returns [Q]
 */
export function storedMeasures({ score, problems }: MeasuredQuality, names: readonly string[]): Float32Array {
  return Float32Array.from(names, (name) =>
    name === SCORE
      ? score
      : problems.reduce(
          (worst, { code, severity }) => (code === name ? Math.max(worst, severity) : worst),
          0,
        ),
  );
}
