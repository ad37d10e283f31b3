/** What can be wrong with video of a face, besides what can be wrong with its pictures; the last two are said by its decoder. */
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
