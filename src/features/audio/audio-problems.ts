/** What can be wrong with sound; the last two are said by its decoder. */
export const audioProblems = [
  "audio.silent",
  "audio.noisy",
  "audio.clipped",
  "audio.no-speech",
  "audio.short",
  "audio.truncated",
  "audio.damaged",
] as const;

export type AudioProblem = (typeof audioProblems)[number];
