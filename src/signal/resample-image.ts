import { defined } from "../core/defined.js";
import type { PixelImage, Pixels } from "./pixels.js";

/**
 * Resampling filter: its half-width, and its weight at a distance in pixels of the result (or of the source,
 * if that is coarser).
 */
interface Kernel {
  readonly support: number;
  readonly weight: (distance: number) => number;
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

/** Cubic kernel of Keys 1981 with a = -0.5, as in Pillow and Catmull-Rom splines. */
function cubic(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
}

const kernels = {
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { support: 2, weight: cubic },
  lanczos: { support: 3, weight: (x) => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0) },
} as const satisfies Readonly<Record<string, Kernel>>;

export const resampleFilters = ["bilinear", "bicubic", "lanczos"] as const;
export type ResampleFilter = (typeof resampleFilters)[number];

/** Part of a resized image. */
export interface Window {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Resizes like Pillow, which preprocessed the training data of torchvision's and transformers' encoders.
 * Pixels are areas, and the filter widens when an image shrinks, so that no pixel is skipped. Resizes rows
 * first, then columns, without rounding between them. Values are within one level of Pillow's.
 * @param width width of the whole resized image
 * @param window part to compute; memory and time do not depend on the rest
 * @returns [window.height, window.width, 3] in levels of 0 to 255
 */
export function resampleImage(
  image: PixelImage,
  width: number,
  height: number,
  window: Window,
  filter: ResampleFilter,
): Pixels {
  const columns = taps(image.width, width, window.left, window.width, kernels[filter]);
  const rows = taps(image.height, height, window.top, window.height, kernels[filter]);
  const first = Math.min(...rows.map(({ start }) => start));
  const last = Math.max(...rows.map(({ start, weights }) => start + weights.length));
  // [required rows, window.width, 3]
  const narrow = new Float32Array((last - first) * window.width * 3);
  for (let y = first; y < last; y++) {
    columns.forEach(({ start, weights }, x) => {
      for (let c = 0; c < 3; c++)
        narrow[((y - first) * window.width + x) * 3 + c] = weighted(
          image.rgb,
          (y * image.width + start) * 3 + c,
          3,
          weights,
        );
    });
  }
  const values = new Float32Array(window.width * window.height * 3);
  const stride = window.width * 3;
  rows.forEach(({ start, weights }, y) => {
    for (let i = 0; i < stride; i++)
      values[y * stride + i] = Math.min(
        255,
        Math.max(0, weighted(narrow, (start - first) * stride + i, stride, weights)),
      );
  });
  return { width: window.width, height: window.height, values };
}

interface Taps {
  /** First source pixel. */
  readonly start: number;
  /** Weights of that pixel and the following ones; their sum is 1. */
  readonly weights: Float64Array;
}

/** Returns the source pixels and weights of each pixel of a window of the result. */
function taps(from: number, to: number, first: number, count: number, { support, weight }: Kernel): Taps[] {
  const scale = from / to;
  const spread = Math.max(1, scale);
  return Array.from({ length: count }, (_, i) => {
    const centre = (first + i + 0.5) * scale;
    const start = Math.max(0, Math.floor(centre - support * spread + 0.5));
    const end = Math.min(from, Math.floor(centre + support * spread + 0.5));
    const weights = Float64Array.from({ length: end - start }, (_unused, k) =>
      weight((start + k + 0.5 - centre) / spread),
    );
    const sum = weights.reduce((a, b) => a + b, 0);
    return { start, weights: weights.map((value) => value / sum) };
  });
}

function weighted(
  values: Uint8Array | Float32Array,
  at: number,
  stride: number,
  weights: Float64Array,
): number {
  let sum = 0;
  for (let k = 0; k < weights.length; k++) sum += defined(values[at + k * stride]) * defined(weights[k]);
  return sum;
}
