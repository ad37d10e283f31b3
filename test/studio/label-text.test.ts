import { expect, it } from "vitest";
import { labelFrom } from "../../studio/src/data/label-text.js";
import { shownLabel } from "../../studio/src/ui/words.js";

const score = { prediction: 0.5 };
const two = { prediction: { joy: 0.5, "deep anger": -1 } };
const emotions = { prediction: ["joy"], labels: { joy: {}, anger: {} } };

it("reads labels in the form in which predictions are shown", () => {
  expect(labelFrom(" -2.5 ", score)).toBe(-2.5);
  expect(labelFrom("not, happy", { prediction: "a", classes: { a: 1 } })).toBe("not, happy");
  expect(labelFrom(shownLabel(two.prediction), two)).toEqual(two.prediction);
  expect(labelFrom("joy, anger", emotions)).toEqual(["joy", "anger"]);
  expect(labelFrom(shownLabel([]), emotions)).toEqual([]);
});

it.each([
  ["good", score, "“good” is not a number"],
  ["1e999", score, "“1e999” is not a number"],
  ["0.5", two, "“0.5” is not a number by target, such as “joy 0.50, deep anger -1.00”"],
  ["joy high", two, "such as “joy 0.50, deep anger -1.00”"],
])("refuses %j", (text, prediction, message) => {
  expect(() => labelFrom(text, prediction)).toThrow(message);
});
