import type { ClipPoint, ClipResults } from "../demo/clip-results.js";

function point(severity: number, code?: string): ClipPoint {
  const problems = code === undefined ? [] : [{ code, severity, message: `it is <bad> & ${severity}` }];
  return { severity, problems, usable: severity < 1 };
}

/** Returns made-up results of the real clip, for tests of tables and pages. */
export function sampleClip(): ClipResults {
  return {
    words: "<not> again & again",
    seconds: 2.96,
    inputs: [{ modality: "audio", adapter: "audio/log-mel" }],
    unread: [
      {
        modality: "text",
        reason: "text/use-lite needs packages that are not installed: a, b",
        hint: "npm install a b",
      },
    ],
    series: [
      {
        modality: "audio",
        kind: "hiss",
        points: [point(0), point(0.5, "audio.noisy"), point(1, "audio.silent")],
      },
      { modality: "audio", kind: "gaps", points: [point(0), point(0.5), point(1, "audio.gaps")] },
    ],
  };
}
