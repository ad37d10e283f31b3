import { describe, expect, it } from "vitest";
import { EuarError } from "../core/errors.js";
import { showCorruption } from "./corruption.js";
import { parseCorruption } from "./parse-corruption.js";

function hintOf(specification: string): string {
  try {
    parseCorruption(specification);
  } catch (error) {
    if (error instanceof EuarError && error.code === "config.invalid")
      return `${error.message} ${error.hint ?? ""}`;
    throw error;
  }
  return "no error";
}

describe("parseCorruption", () => {
  it("reads lists with and without modalities", () => {
    expect(parseCorruption("text=gaussian:0.5, audio=dropout:.3,missing:1")).toEqual([
      { kind: "gaussian", amount: 0.5, modality: "text" },
      { kind: "dropout", amount: 0.3, modality: "audio" },
      { kind: "missing", amount: 1 },
    ]);
  });

  it("reads noise as another name of gaussian", () => {
    expect(parseCorruption("text=noise:2")).toEqual([{ kind: "gaussian", amount: 2, modality: "text" }]);
  });

  it("reads the output of showCorruption", () => {
    for (const specification of ["gaussian:1", "text=frame-drop:0.5", "text=missing:0.25,mixed:0.5"]) {
      expect(parseCorruption(specification).map(showCorruption).join(",")).toBe(specification);
    }
  });

  it.each([
    ["gausian:1", /Did you mean "gaussian"/],
    ["gaussian", /needs an amount between 0 and 1000000, but has none/],
    ["dropout:1.5", /between 0 and 1, not "1.5"/],
    ["dropout:-0.1", /not "-0.1"/],
    ["gaussian:NaN", /not "NaN"/],
    ["gaussian:1e999", /not "1e999"/],
    ["text=missing:1.5", /missing needs an amount between 0 and 1/],
    ["", /a part is empty/],
    ["gaussian:1,", /a part is empty/],
    ["a=b=gaussian:1", /is not a corruption/],
    ["constructor:1", /no corruption "constructor"/],
  ])("refuses %j and says why", (specification, expected) => {
    expect(hintOf(specification)).toMatch(expected);
  });
});
