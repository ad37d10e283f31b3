import { describe, expect, it } from "vitest";
import { randomKey } from "../../core/random.js";
import type { PixelImage } from "../../signal/pixels.js";
import { GAUSSIAN_PASSES, gaussianMean, meanOver, runMean, type RunningMean } from "./line-mean.js";
import { apply, channel } from "./testing/pictures.js";

/** Response to one value of 1 in the middle. */
function impulse(mean: RunningMean, passes: number, length = 201): Float64Array {
  const line = new Float64Array(length);
  line[(length - 1) / 2] = 1;
  runMean(line, new Float64Array(length), length, mean, passes);
  return line;
}

describe("running means", () => {
  it.each([0.3, 0.8, 1, 2.5, 7, 15])("stand for a Gaussian of deviation %d", (deviation) => {
    const response = impulse(gaussianMean(deviation), GAUSSIAN_PASSES);
    const gaussian = response.map((_, i) => Math.exp(-((i - 100) ** 2) / (2 * deviation ** 2)));
    const total = gaussian.reduce((a, b) => a + b, 0);
    const variance = response.reduce((sum, v, i) => sum + v * (i - 100) ** 2, 0);
    expect(response.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    expect(variance).toBeCloseTo(deviation ** 2, 9);
    if (deviation >= 0.8)
      response.forEach((value, i) => {
        expect(Math.abs(value - (gaussian[i] ?? NaN) / total)).toBeLessThan(0.06 / deviation);
      });
  });

  it.each([1, 2, 3.5, 8, 11])("over %d pixels weigh them alike", (length) => {
    const response = impulse(meanOver(length), 1);
    expect(response.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    expect(Math.max(...response)).toBeCloseTo(1 / length, 12);
    expect(response.filter((v) => v > 0).length).toBeLessThanOrEqual(length + 2);
  });

  it("agree with the definition at the ends, which go on", () => {
    const values = [5, 1, 4, 1, 9, 2];
    const { reach, edge } = { reach: 3, edge: 0.25 };
    const line = Float64Array.from(values);
    runMean(line, new Float64Array(6), 6, { reach, edge }, 1);
    line.forEach((value, i) => {
      const at = (k: number): number => values[Math.min(5, Math.max(0, i + k))] ?? NaN;
      let sum = edge * (at(-4) + at(4));
      for (let k = -3; k <= 3; k++) sum += at(k);
      expect(value).toBeCloseTo(sum / 7.5, 12);
    });
  });
});

/** Black with one white pixel in the middle. */
function dot(side: number): PixelImage {
  const rgb = new Uint8Array(side * side * 3);
  const middle = (side - 1) / 2;
  rgb.fill(255, (middle * side + middle) * 3, (middle * side + middle) * 3 + 3);
  return { width: side, height: side, rgb };
}

function spread(image: PixelImage, axis: "x" | "y"): number {
  const middle = (image.width - 1) / 2;
  let [sum, total] = [0, 0];
  channel(image, 0).forEach((level, i) => {
    const at = axis === "x" ? i % image.width : Math.floor(i / image.width);
    sum += level * (at - middle) ** 2;
    total += level;
  });
  return Math.sqrt(sum / total);
}

describe("blur", () => {
  it("agrees with a convolution with a Gaussian", () => {
    // An edge: white right of the middle. Its blurred form is the normal distribution function.
    const side = 225;
    const edge: PixelImage = {
      width: side,
      height: side,
      rgb: Uint8Array.from({ length: side * side * 3 }, (_, i) => (Math.floor(i / 3) % side > 112 ? 255 : 0)),
    };
    const deviation = 5 * (side / 224);
    const row = channel(apply("blur", edge, 0.5), 0).slice(0, side);
    for (let x = 100; x < 125; x++) {
      let expected = 0;
      for (let k = -40; k <= 40; k++)
        if (x + k > 112)
          expected += Math.exp(-(k * k) / (2 * deviation ** 2)) / (deviation * Math.sqrt(2 * Math.PI));
      expect(Math.abs((row[x] ?? NaN) - 255 * expected)).toBeLessThan(3);
    }
  });

  it("grows with the picture, so that it looks the same when both are shown in one size", () => {
    const small = channel(apply("blur", bar(56), 1), 0);
    const large = channel(apply("blur", bar(224), 1), 0);
    for (let x = 8; x < 48; x++)
      expect(Math.abs((small[28 * 56 + x] ?? NaN) - (large[112 * 224 + 4 * x + 2] ?? NaN))).toBeLessThan(8);
  });

  it("motion-blur spreads a dot over the stated length in one direction", () => {
    for (let seed = 0; seed < 6; seed++) {
      const image = apply("motion-blur", dot(225), 0.5, { key: randomKey(seed, "m") });
      // A path of length L and the pixel itself: a line of L + 1 has the deviation (L + 1) / sqrt(12).
      const length = Math.sqrt(12) * Math.hypot(spread(image, "x"), spread(image, "y")) - 1;
      expect(Math.abs(length - 20 * (225 / 224))).toBeLessThan(1.5);
    }
  });
});

/** A white bar in the middle quarter. */
function bar(side: number): PixelImage {
  const isWhite = (x: number): boolean => x >= (3 * side) / 8 && x < (5 * side) / 8;
  return {
    width: side,
    height: side,
    rgb: Uint8Array.from({ length: side * side * 3 }, (_, i) =>
      isWhite(Math.floor(i / 3) % side) ? 255 : 0,
    ),
  };
}
