import { expect, test } from "vitest";
import { z } from "zod";
import { causeText } from "./cause-text.js";
import { zodIssue } from "./zod-issue.js";

test.each([
  [new Error("no such file"), "no such file"],
  [new RangeError(""), "RangeError"],
  ["gone", "gone"],
  [undefined, "undefined"],
])("the text of what was caught: %s", (cause, text) => {
  expect(causeText(cause)).toBe(text);
});

test("an issue names its place, and only the whole value has none", () => {
  const schema = z.strictObject({ model: z.strictObject({ hidden: z.int() }) });
  const textOf = (value: unknown): string => zodIssue(schema.safeParse(value).error ?? new z.ZodError([]));
  expect(textOf({ model: { hidden: "4" } })).toMatch(/^model\.hidden: .*number/);
  expect(textOf(5)).toMatch(/^Invalid input: expected object/);
  expect(textOf({ model: { hidden: 4 } })).toBe("not valid");
});
