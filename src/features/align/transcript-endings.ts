/** File extensions of transcripts. */
export const transcriptEndings = [".srt", ".vtt", ".json", ".TextGrid", ".textgrid", ".ass", ".ssa"] as const;
