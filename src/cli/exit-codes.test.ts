import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { EuarError } from "../core/errors.js";
import { asEuarError, exitCodeOf } from "./exit-codes.js";

describe("exitCodeOf", () => {
  it.each([
    ["internal", 1],
    ["config.unknown-key", 2],
    ["data.width-mismatch", 3],
    ["shape.mismatch", 3],
    ["checkpoint.format", 4],
    ["train.diverged", 5],
    ["train.interrupted", 130],
    ["backend.unavailable", 6],
    ["io.write", 7],
  ] as const)("%s -> %i", (code, exit) => {
    expect(exitCodeOf(code)).toBe(exit);
  });
});

describe("asEuarError", () => {
  it("keeps an error of ours", () => {
    const error = new EuarError("data.empty", "nothing here");
    expect(asEuarError(error)).toBe(error);
  });
  it("names a missing file and a refused one", () => {
    const missing = catchFrom(() => readFileSync("/nowhere/at/all"));
    expect(asEuarError(missing).code).toBe("data.not-found");
    const folder = catchFrom(() => readFileSync("/"));
    expect(asEuarError(folder).code).toBe("io.write");
  });
  it("reports everything else as a bug, and keeps the cause", () => {
    const bug = new TypeError("x is not a function");
    expect(asEuarError(bug)).toMatchObject({ code: "internal", cause: bug });
    expect(asEuarError("just text").code).toBe("internal");
  });
});

function catchFrom(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}
