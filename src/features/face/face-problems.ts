/**
 * Codes of the problems of a video of a face, in addition to those of its pictures. The decoder reports the
 * last two.
 */
export const faceProblems = [
  "face.none",
  "face.rare",
  "face.several",
  "face.small",
  "video.frozen",
  "video.truncated",
  "video.damaged",
] as const;

export type FaceProblem = (typeof faceProblems)[number];
