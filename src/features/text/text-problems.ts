/** Codes of problems of texts. */
export const textProblems = [
  "text.empty",
  "text.garbled",
  "text.short",
  "text.truncated",
  "text.unknown",
] as const;

export type TextProblem = (typeof textProblems)[number];
