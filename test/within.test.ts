import { expect, it } from "vitest";
import { until, within } from "./within.js";

const never = new Promise<never>(() => undefined);

it("returns what comes in time, and the error of a promise that fails", async () => {
  expect(await within("a number", Promise.resolve(7))).toBe(7);
  await expect(within("a number", Promise.reject(new Error("broken")))).rejects.toThrow("broken");
});

it("says what it waited for, and what is known", async () => {
  const state = (): string => "it wrote nothing";
  await expect(within("the start", never, { limit: 20, state })).rejects.toThrow(
    "waited 0.02 s for the start: it wrote nothing",
  );
});

it("waits until a condition holds, and not for ever", async () => {
  let asked = 0;
  await until("the third question", () => ++asked === 3);
  expect(asked).toBe(3);
  await expect(until("a condition", () => false, { limit: 50 })).rejects.toThrow(
    "waited 0.05 s for a condition",
  );
  await expect(until("an answer", () => never, { limit: 50 })).rejects.toThrow("for an answer");
});
