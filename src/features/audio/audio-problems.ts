/** Codes of the problems of a sound. The decoder reports the last two. */
export const audioProblems = [
  "audio.silent",
  "audio.noisy",
  "audio.clipped",
  "audio.no-speech",
  "audio.short",
  "audio.gaps",
  "audio.muffled",
  "audio.bang",
  "audio.echo",
  "audio.truncated",
  "audio.damaged",
] as const;

export type AudioProblem = (typeof audioProblems)[number];
