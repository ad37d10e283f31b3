/** Codes of the problems of a text. */
export const textProblems = [
  "text.empty",
  "text.garbled",
  "text.short",
  "text.truncated",
  "text.unknown",
] as const;

export type TextProblem = (typeof textProblems)[number];
