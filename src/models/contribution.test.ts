import { expect, test } from "vitest";
import { shareOfChanges } from "./contribution.js";

test("shares of a prediction sum to 1 over the modalities that a sample has; a missing one has none", () => {
  const present = [Uint8Array.of(1, 1, 1), Uint8Array.of(1, 0, 1)];
  const [text, audio] = shareOfChanges(
    [
      [1, 1, 0],
      [3, 3, 0],
    ],
    present,
  );
  expect(Array.from(text ?? [])).toEqual([0.25, 1, 0.5]);
  expect(Array.from(audio ?? [])).toEqual([0.75, 0, 0.5]);
});
