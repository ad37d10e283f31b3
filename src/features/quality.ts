/** Problem of an input that is visible before any model reads it. */
export interface Problem<Code extends string = string> {
  /** Code: kind of medium, a dot and the problem, e.g. "audio.silent". */
  readonly code: Code;
  /** Fraction of the input that it spoils, in [0, 1]. */
  readonly severity: number;
  /** Clause that completes "the audio was doubted because ...", e.g. "it is silent in 97% of its frames". */
  readonly message: string;
}

/** Quality of an input, measured without a model. */
export interface Quality {
  /** 1 = no problem, 0 = unusable. The product of (1 - severity) over the problems. */
  readonly score: number;
  /** Measures by name with unit, e.g. "snrDb", "clippedShare", "sharpness". Finite. */
  readonly measures: Readonly<Record<string, number>>;
  /** Problems, worst first. */
  readonly problems: readonly Problem[];
}

/** Returns the quality of an input with these problems. */
export function qualityOf(measures: Readonly<Record<string, number>>, problems: readonly Problem[]): Quality {
  const sorted = [...problems].sort((a, b) => b.severity - a.severity);
  return {
    score: sorted.reduce((score, { severity }) => score * (1 - severity), 1),
    measures,
    problems: sorted,
  };
}
