import type { ImageMedia } from "../media.js";
import { type Problem, type Quality, qualityOf } from "../quality.js";
import type { ImageProblem } from "./image-problems.js";
import { blurOf } from "./blur.js";
import { lumaOf } from "./luma.js";
import { impulseShare, noiseDeviation } from "./noise.js";

/**
 * Smallest side in pixels. Smaller images have less detail than the training data of encoders, even after
 * interpolation.
 */
const SMALL_SIDE = 64;
/** Limits of mean luma, 0 to 255. */
const DARK = 25;
const BRIGHT = 230;
/** Limit of the standard deviation of luma, 0 to 255. */
const FLAT = 6;
/** Blur from which an image is reported, and blur of severity 1, on a scale from 0 to 1. */
const BLURRED = 0.5;
const WHOLLY_BLURRED = 0.9;
/**
 * Standard deviation of noise in luma (0 to 255) from which an image is reported, and at which no detail is
 * visible.
 */
const NOISY = 6;
const WHOLLY_NOISY = 60;
/** Fraction of salt or pepper pixels from which an image is reported, and at which no detail is visible. */
const SPECKLED = 0.012;
const WHOLLY_SPECKLED = 0.3;

/**
 * Measures the quality of an image before an encoder reads it. Finds small, flat, dark, bright, blurred and
 * noisy images. docs/features-text-image.md states detection rates at known levels, and false alarms.
 */
export function imageQuality(image: ImageMedia): Quality {
  const luma = lumaOf(image);
  const { mean, deviation } = moments(luma.values);
  const texture = { blur: blurOf(luma), noise: noiseDeviation(luma), impulses: impulseShare(image) };
  const measures = {
    width: image.width,
    height: image.height,
    brightness: mean,
    contrast: deviation,
    ...texture,
  };
  const flat = deviation < FLAT;
  const problems = [
    ...sizeProblems(image),
    ...exposureProblems(mean, deviation),
    ...(flat ? [] : sharpnessProblems(texture.blur)),
    ...noiseProblems(texture.noise, texture.impulses),
  ];
  return qualityOf(measures, problems);
}

function sizeProblems({ width, height }: ImageMedia): Problem<ImageProblem>[] {
  const side = Math.min(width, height);
  return side < SMALL_SIDE
    ? [
        {
          code: "image.small",
          severity: 1 - side / SMALL_SIDE,
          message: `it is only ${width} x ${height} pixels`,
        },
      ]
    : [];
}

function exposureProblems(mean: number, deviation: number): Problem<ImageProblem>[] {
  const problems: Problem<ImageProblem>[] = [];
  if (deviation < FLAT)
    problems.push({
      code: "image.flat",
      severity: 1 - deviation / FLAT,
      message: `it shows next to nothing (its brightness varies by ${deviation.toFixed(1)} of 255)`,
    });
  if (mean < DARK)
    problems.push({
      code: "image.dark",
      severity: 1 - mean / DARK,
      message: `it is dark (mean brightness ${mean.toFixed(0)} of 255)`,
    });
  if (mean > BRIGHT)
    problems.push({
      code: "image.bright",
      severity: (mean - BRIGHT) / (255 - BRIGHT),
      message: `it is overexposed (mean brightness ${mean.toFixed(0)} of 255)`,
    });
  return problems;
}

function sharpnessProblems(blur: number): Problem<ImageProblem>[] {
  return blur > BLURRED
    ? [
        {
          code: "image.blurred",
          severity: between(blur, BLURRED, WHOLLY_BLURRED),
          message: `it is blurred (effect of blur ${blur.toFixed(2)} of 1)`,
        },
      ]
    : [];
}

function noiseProblems(noise: number, impulses: number): Problem<ImageProblem>[] {
  const severity = Math.max(
    between(noise, NOISY, WHOLLY_NOISY),
    between(impulses, SPECKLED, WHOLLY_SPECKLED),
  );
  if (impulses > SPECKLED)
    return [
      {
        code: "image.noisy",
        severity,
        message: `${(100 * impulses).toFixed(1)}% of its pixels are specks of black or white`,
      },
    ];
  return noise > NOISY
    ? [
        {
          code: "image.noisy",
          severity,
          message: `it is noisy (standard deviation ${noise.toFixed(0)} of 255)`,
        },
      ]
    : [];
}

/** Scales linearly: 0.1 at `low`, 1 from `high` on. */
function between(value: number, low: number, high: number): number {
  return Math.min(1, Math.max(0.1, 0.1 + (0.9 * (value - low)) / (high - low)));
}

function moments(values: Float32Array): { mean: number; deviation: number } {
  let sum = 0;
  let squares = 0;
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / values.length;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / values.length - mean * mean)) };
}
