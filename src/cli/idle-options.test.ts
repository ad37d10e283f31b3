import { describe, expect, it } from "vitest";
import { textEncoderSchema } from "../encoders/text-encoder-config.js";
import { refuseIdleOptions } from "./idle-options.js";

describe("refuseIdleOptions", () => {
  it.each([
    [{ plateauFactor: 0.5, schedule: "cosine" }, {}, /plateau-factor .* --schedule cosine/],
    [{ normaliseLength: 2, normalise: "zscore" }, {}, /normalise-length .* --normalise zscore/],
    [{ normaliseClip: 3, normalise: "none" }, {}, /normalise-clip .* --normalise none/],
    [{ copiesKeep: 0.75 }, {}, /copies-keep has no effect without --copies/],
    [{ awareness: { ranking: 1 } }, {}, /--awareness.ranking has no effect without --copies/],
    [{ awareness: { specialisation: 0.1 } }, {}, /specialisation has no effect without --copies/],
    [{ copiesTeach: false, copies: [] }, {}, /copies-teach has no effect without --copies/],
    [{ textPooling: "cls" }, {}, /text-pooling has no effect without --text-encoder/],
    [{ merge: true }, {}, /merge has no effect without --text-encoder/],
    [{ textEncoder: "mini", textLoraTargets: ["query"] }, {}, /text-lora-targets .* without --text-lora/],
  ])("refuses %o over %o", (given, underlay, message) => {
    expect(() => {
      refuseIdleOptions(given, underlay);
    }).toThrow(message);
  });

  it.each([
    [{ normaliseLength: 1, plateauPatience: 2, schedule: "constant" }, {}],
    [{ normaliseLength: 2, normalise: "unit" }, {}],
    [{ copiesKeep: 0.75, copies: ["noise"] }, {}],
    [{ copiesKeep: 0.75 }, { copies: ["noise", "block"] }],
    [{ copies: [] }, {}],
    [{ textPooling: "cls", textEncoder: "mini", merge: true }, {}],
    [{ textLoraTargets: ["query"], textEncoder: "mini", textLora: 4 }, {}],
    [{ ...textEncoderSchema.parse({}), merge: false }, {}],
    [{ awareness: { ranking: null } }, {}],
    [{ awareness: { ranking: 1 } }, { copies: ["noise"] }],
  ])("accepts %o over %o", (given, underlay) => {
    expect(() => {
      refuseIdleOptions(given, underlay);
    }).not.toThrow();
  });
});
