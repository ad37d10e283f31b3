/** Something that can be seen to be wrong with an input before any model reads it. */
export interface Problem<Code extends string = string> {
  /** Kind of medium or of thing, a dot and what is wrong, e.g. "audio.silent". */
  readonly code: Code;
  /** How much of the input it spoils, in [0, 1]. */
  readonly severity: number;
  /**
   * A clause that completes "the audio was doubted because ...", e.g. "it is silent in 97% of its frames".
   */
  readonly message: string;
}

/** Quality of an input, measured without a model. */
export interface Quality {
  /** 1 = nothing was found, 0 = unusable. The product of (1 - severity) over the problems. */
  readonly score: number;
  /** What was measured, by name with its unit, e.g. "snrDb", "clippedShare", "sharpness"; finite. */
  readonly measures: Readonly<Record<string, number>>;
  /** Worst first. */
  readonly problems: readonly Problem[];
}

/** Quality of an input in which `problems` were found. */
export function qualityOf(measures: Readonly<Record<string, number>>, problems: readonly Problem[]): Quality {
  const sorted = [...problems].sort((a, b) => b.severity - a.severity);
  return {
    score: sorted.reduce((score, { severity }) => score * (1 - severity), 1),
    measures,
    problems: sorted,
  };
}
