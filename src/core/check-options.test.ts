import { describe, expect, it } from "vitest";
import { z } from "zod";
import { checkOptions, checkText } from "./check-options.js";
import { codeOf } from "./testing/code-of.js";

const schema = z.strictObject({ seed: z.int().optional(), pool: z.enum(["none", "mean"]).optional() });

describe("checkOptions", () => {
  it("returns options that fit", () => {
    expect(checkOptions(schema, { seed: 1 }, "f")).toEqual({ seed: 1 });
  });

  it.each([
    [{ sed: 1 }, "config.unknown-key"],
    [{ constructor: 1 }, "config.unknown-key"],
    [{ seed: "1" }, "config.invalid"],
    [{ pool: "x" }, "config.invalid"],
    [null, "config.invalid"],
    [[], "config.invalid"],
    ["seed", "config.invalid"],
  ])("refuses %j with %s", (options, code) => {
    expect(codeOf(() => checkOptions(schema, options, "f"))).toBe(code);
  });

  it("suggests the nearest key", () => {
    expect(() => checkOptions(schema, { sede: 1 }, "f")).toThrow(
      expect.objectContaining({ hint: 'Did you mean "seed"?' }),
    );
  });

  it("uses the caller's hint for an invalid value, and fills in defaults", () => {
    expect(() => checkOptions(schema, { seed: 0.5 }, "f", "Leave it out.")).toThrow(
      expect.objectContaining({
        message: expect.stringContaining('f: option "seed": ') as string,
        hint: "Leave it out.",
      }),
    );
    expect(checkOptions(z.strictObject({ rate: z.number().default(2) }), {}, "f")).toEqual({ rate: 2 });
  });
});

describe("checkText", () => {
  it.each([undefined, null, 5, {}, []])("refuses %j", (value) => {
    expect(
      codeOf(() => {
        checkText(value, "a path");
      }),
    ).toBe("config.invalid");
  });
});
