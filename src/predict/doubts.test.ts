import { describe, expect, it } from "vitest";
import type { ExtractedFeatures } from "../features/feature-extractor.js";
import { type Problem, qualityOf } from "../features/quality.js";
import { MediaError } from "../core/errors.js";
import { doubtsOf, inputState } from "./doubts.js";
import type { ModalityPrediction, Prediction } from "./prediction.js";
import { verdictOf } from "./verdict.js";

const used: ModalityPrediction = {
  present: true,
  uncertainty: 0.5,
  percentile: 0.5,
  contribution: 0.5,
  experts: [1],
  gates: [1],
  sigma2: [0.5],
};
const absent: ModalityPrediction = {
  present: false,
  uncertainty: null,
  percentile: null,
  contribution: null,
  experts: [],
  gates: [],
  sigma2: [],
};

function predicted(modalities: Prediction["modalities"], result: Partial<Prediction> = {}): Prediction {
  return {
    prediction: 1.204,
    level: 0.9,
    interval: { low: 0.31, high: 2.094 },
    uncertainty: 0.5,
    modalities,
    ...result,
  } as Prediction;
}

function read(problems: readonly Problem[], usable = true): ReturnType<typeof inputState> {
  const features: ExtractedFeatures = {
    steps: 1,
    width: 1,
    sequence: new Float32Array(1),
    times: new Float64Array(2),
    mask: Uint8Array.of(usable ? 1 : 0),
    quality: qualityOf({}, problems),
  };
  return inputState({ kind: "read", features });
}

describe("doubtsOf", () => {
  it("doubts an input for a measured problem that spoils a fifth of it, and not for less", () => {
    const noisy = (severity: number): Problem => ({
      code: "audio.noisy",
      severity,
      message: "speech is only 3 dB above the noise",
    });
    expect(doubtsOf(predicted({ audio: used }), { audio: read([noisy(0.19)]) })).toEqual([]);
    expect(doubtsOf(predicted({ audio: used }), { audio: read([noisy(0.2)]) })).toEqual([
      {
        modality: "audio",
        used: true,
        reasons: [
          {
            kind: "quality",
            code: "audio.noisy",
            severity: 0.2,
            message: "speech is only 3 dB above the noise",
          },
        ],
      },
    ]);
  });
  it("doubts a single input that is less certain than 97% of the validation samples", () => {
    expect(doubtsOf(predicted({ text: { ...used, percentile: 0.969 } }))).toEqual([]);
    expect(doubtsOf(predicted({ text: { ...used, percentile: null } }))).toEqual([]);
    const [doubt] = doubtsOf(predicted({ text: { ...used, percentile: 0.97 } }));
    expect(doubt).toMatchObject({
      modality: "text",
      used: true,
      reasons: [{ kind: "uncertainty", severity: 0.97 }],
    });
  });
  it("shares the doubts of clean samples over the inputs whose percentile is known", () => {
    const unknown = { ...used, percentile: null };
    const doubted = (percentile: number, others: Prediction["modalities"]): number =>
      doubtsOf(predicted({ text: { ...used, percentile }, ...others })).length;
    expect(doubted(0.98, { audio: absent, vision: unknown })).toBe(1);
    expect(doubted(0.984, { audio: used, vision: absent })).toBe(0);
    expect(doubted(0.986, { audio: used, vision: absent })).toBe(1);
    expect(doubted(0.989, { audio: used, vision: used })).toBe(0);
    expect(doubted(0.991, { audio: used, vision: used })).toBe(1);
  });
  it("says a percentile in whole percent, in tenths above 99, and at most 99.9", () => {
    const message = (percentile: number): string =>
      doubtsOf(predicted({ text: { ...used, percentile } }))[0]?.reasons[0]?.message ?? "";
    expect(message(0.979)).toContain("about 97% of");
    expect(message(0.9957)).toContain("about 99.5% of");
    expect(message(1)).toContain("about 99.9% of");
  });
  it("lists the worst input first, and equal ones in the order of the modalities", () => {
    const hiss = (severity: number): Problem => ({ code: "audio.noisy", severity, message: "it is noisy" });
    const face: Problem = { code: "face.none", severity: 0.3, message: "no face was found in it" };
    const order = (percentile: number, noise: number): string[] =>
      doubtsOf(predicted({ text: { ...used, percentile }, audio: used, vision: absent, image: absent }), {
        audio: read([hiss(noise)]),
        vision: read([face], false),
        image: read([face], false),
      }).map(({ modality }) => modality);
    expect(order(0.99, 0.3)).toEqual(["vision", "image", "audio", "text"]); // hardly beyond the threshold
    expect(order(0.9999, 0.3)).toEqual(["vision", "image", "text", "audio"]);
    expect(order(0.9999, 0.98)).toEqual(["vision", "image", "audio", "text"]);
    expect(order(1, 0.98)).toEqual(["vision", "image", "text", "audio"]);
    expect(order(0.5, 0.5)).toEqual(["vision", "image", "audio"]);
  });
  it("doubts a text that does not fit its sound, unless the sound explains it", () => {
    const mismatch = (severity: number): Parameters<typeof doubtsOf>[2] => ({
      text: "text",
      audio: "audio",
      reason: { kind: "quality", code: "text.mismatch", severity, message: "it does not fit" },
    });
    const hiss: Problem = { code: "audio.noisy", severity: 0.3, message: "it is noisy" };
    const named = (audio: Problem[], severity: number, text = used): unknown =>
      doubtsOf(
        predicted({ text, audio: used }),
        { text: read([]), audio: read(audio) },
        mismatch(severity),
      ).map(({ modality, reasons }) => [modality, reasons.map(({ code, kind }) => code ?? kind)]);
    expect(named([], 0.9)).toEqual([["text", ["text.mismatch"]]]);
    expect(named([], 0.19)).toEqual([]);
    expect(named([hiss], 0.9)).toEqual([["audio", ["audio.noisy"]]]);
    expect(named([], 0.9, { ...used, percentile: 0.99 })).toEqual([
      ["text", ["text.mismatch", "uncertainty"]],
    ]);
    expect(named([], 0.1, { ...used, percentile: 0.99 })).toEqual([["text", ["uncertainty"]]]);
    expect(named([], 0.9, absent)).toEqual([]);
  });
  it("gives every reason why an input cannot be used, worst first", () => {
    const problems: Problem[] = [
      { code: "image.blurred", severity: 0.6, message: "it is blurred" },
      { code: "face.none", severity: 1, message: "no face was found in it" },
    ];
    const [doubt] = doubtsOf(predicted({ vision: absent }), { vision: read(problems, false) });
    expect(doubt?.used).toBe(false);
    expect(doubt?.reasons.map(({ code }) => code)).toEqual(["face.none", "image.blurred"]);
  });
  it("distinguishes inputs that were not given from unreadable ones", () => {
    const missing = inputState({ kind: "missing" });
    const damaged = inputState({
      kind: "unreadable",
      reason: "a.wav is empty",
      error: new MediaError("media.damaged", "a.wav is empty"),
    });
    expect(doubtsOf(predicted({ text: absent, audio: absent }), { text: missing, audio: damaged })).toEqual([
      {
        modality: "audio",
        used: false,
        reasons: [{ kind: "unusable", code: "media.damaged", severity: 1, message: "a.wav is empty" }],
      },
    ]);
  });
});

describe("verdictOf", () => {
  it("gives the score, its interval, doubted inputs with reasons, missing ones, and the main input", () => {
    const prediction = predicted({
      text: { ...used, contribution: 0.81, percentile: 0.99 },
      audio: { ...used, contribution: 0.19 },
      vision: absent,
      image: absent,
    });
    const inputs = {
      text: read([]),
      audio: read([{ code: "audio.silent", severity: 0.6, message: "it is silent in 64% of its frames" }]),
    };
    expect(verdictOf(prediction, doubtsOf(prediction, inputs), inputs)).toBe(
      "The score is 1.20 (90% interval 0.31 to 2.09). " +
        "The audio was doubted because it is silent in 64% of its frames. " +
        "The text was doubted because the model is less certain about it than about 99% of the samples " +
        "that it was validated on. There was no video or image. " +
        "The text carries 81% of the prediction.",
    );
  });
  it("says that nothing was doubted, and does not mention absent intervals and contributions", () => {
    const prediction = predicted({ text: used }, { interval: null, level: null });
    expect(verdictOf(prediction, [])).toBe("The score is 1.20. No input was doubted.");
  });
  it("says that an input is left out if the model does not trust it, and that nothing else is there", () => {
    const prediction = predicted({ audio: { ...used, contribution: 0, percentile: 0.98 }, text: absent });
    const doubts = doubtsOf(prediction);
    expect(doubts.map(({ modality, used: isUsed }) => [modality, isUsed])).toEqual([["audio", false]]);
    expect(verdictOf(prediction, doubts)).toMatch(
      /The audio was doubted and left out because .* This is a constant, because the model trusts none/u,
    );
  });
  it("names a class with its probability and the other possible classes", () => {
    const prediction = predicted(
      { image: used },
      {
        prediction: "positive",
        classes: { positive: 0.7, neutral: 0.2, negative: 0.1 },
        classSet: ["positive", "neutral"],
      },
    );
    expect(verdictOf(prediction, [])).toBe(
      "The class is positive (probability 70%; with neutral, 90% of such answers are right). No input " +
        "was doubted.",
    );
  });
  it("names several targets", () => {
    const prediction = predicted(
      { text: used },
      { prediction: { calm: 1, warm: -2 }, interval: { calm: { low: 0, high: 2 }, warm: null } },
    );
    expect(verdictOf(prediction, [])).toBe(
      "The scores are calm 1.00 (90% interval 0.00 to 2.00) and warm -2.00. No input was doubted.",
    );
  });
  it("says that unusable inputs were not used, with every reason", () => {
    const prediction = predicted({ text: used, vision: absent });
    const inputs = {
      vision: read(
        [
          { code: "face.none", severity: 1, message: "no face was found in it" },
          { code: "image.dark", severity: 0.9, message: "it is dark" },
        ],
        false,
      ),
    };
    expect(verdictOf(prediction, doubtsOf(prediction, inputs), inputs)).toContain(
      "The video was doubted and left out because no face was found in it and because it is dark.",
    );
  });
});
