/** Codes of problems of images. */
export const imageProblems = [
  "image.dark",
  "image.bright",
  "image.flat",
  "image.blurred",
  "image.noisy",
  "image.small",
] as const;

export type ImageProblem = (typeof imageProblems)[number];
