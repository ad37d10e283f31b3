import type { ClipPoint, ClipResults } from "../demo/clip-results.js";

function point(severity: number, code?: string): ClipPoint {
  const problems = code === undefined ? [] : [{ code, severity, message: `it is <bad> & ${severity}` }];
  const usable = severity < 1;
  const doubt = { modality: "audio", reasons: [code ?? "uncertainty"] };
  return {
    severity,
    problems,
    usable,
    view: {
      prediction: 1 - severity,
      interval: { low: -1, high: 2.5 },
      inputs: {
        text: { uncertainty: null, percentile: null, contribution: null },
        audio: {
          uncertainty: usable ? 0.5 + 40 * severity : null,
          percentile: usable ? 0.4 + severity / 2 : null,
          contribution: usable ? 0.25 : null,
        },
      },
      doubted: severity > 0 ? [doubt] : [],
    },
  };
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
    model: {
      preset: "precision",
      sizes: { train: 98, valid: 52, test: 10 },
      withSound: { train: 32, valid: 32, test: 0 },
      copies: 196,
      trainedKinds: { audio: ["hiss", "mute"], text: ["typos"] },
      testError: 1.25,
      warnings: ["audio: alone it is no better than a constant prediction"],
      seconds: 2,
    },
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
