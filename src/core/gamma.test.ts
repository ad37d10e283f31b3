import { describe, expect, test } from "vitest";
import { digamma, logGamma, trigamma } from "./gamma.js";

const EULER = 0.577_215_664_901_532_9;

function close(value: number, expected: number): void {
  expect(Math.abs(value - expected)).toBeLessThan(1e-13 * Math.max(1, Math.abs(expected)));
}

describe("the gamma function", () => {
  test("at whole numbers and halves, with known values", () => {
    close(logGamma(1), 0);
    close(logGamma(2), 0);
    close(logGamma(7), Math.log(720));
    close(logGamma(0.5), Math.log(Math.PI) / 2);
    close(logGamma(101), 363.739_375_555_563_5);
    close(digamma(1), -EULER);
    close(digamma(0.5), -EULER - 2 * Math.LN2);
    close(digamma(5), -EULER + 1 + 1 / 2 + 1 / 3 + 1 / 4);
    close(trigamma(1), Math.PI ** 2 / 6);
    close(trigamma(0.5), Math.PI ** 2 / 2);
    close(trigamma(3), Math.PI ** 2 / 6 - 1 - 1 / 4);
  });

  test.each([0.01, 0.3, 1.7, 4.2, 11.9, 12.1, 250])(
    "keeps its recurrences at %d, and each derivative is one",
    (x) => {
      close(logGamma(x + 1), logGamma(x) + Math.log(x));
      close(digamma(x + 1), digamma(x) + 1 / x);
      close(trigamma(x + 1) + 1 / (x * x), trigamma(x));
      const step = 1e-4 * x;
      const slope = (of: (at: number) => number): number =>
        (of(x - 2 * step) - 8 * of(x - step) + 8 * of(x + step) - of(x + 2 * step)) / (12 * step);
      expect(slope(logGamma) / digamma(x)).toBeCloseTo(1, 8);
      expect(slope(digamma) / trigamma(x)).toBeCloseTo(1, 8);
    },
  );

  test("is not a number at zero and below", () => {
    for (const of of [logGamma, digamma, trigamma])
      expect([of(0), of(-1.5), of(NaN)]).toEqual([NaN, NaN, NaN]);
  });
});
