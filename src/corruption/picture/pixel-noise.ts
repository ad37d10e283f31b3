import { addGaussian, losePixels } from "../image-noise.js";
import { pictureDamage } from "./picture-damage.js";

/**
 * Independent normal noise on red, green and blue, as the preset `gaussian/clean` at epsilon 10 * severity.
 */
export const gaussianNoise = pictureDamage({
  summary: "the picture is grainy, as one taken in the dark",
  unit: "standard deviation of the noise in levels of 255",
  amountAt: (severity) => 100 * severity,
  corrupt: ({ rgb }, deviation, { frameKey }) => {
    const noisy = rgb.slice();
    addGaussian(noisy, deviation, "three", "saturate", frameKey);
    return noisy;
  },
});

/** Single pixels that are black or white, as in the presets `salt-and-pepper`. */
export const saltAndPepper = pictureDamage({
  summary: "single pixels are black or white, as from a broken sensor or line",
  unit: "share of pixels that are black or white",
  amountAt: (severity) => 0.5 * severity,
  corrupt: ({ rgb }, share, { frameKey }) => {
    const noisy = rgb.slice();
    losePixels(noisy, share, frameKey);
    return noisy;
  },
});
