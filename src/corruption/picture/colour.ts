import { defined } from "../../core/defined.js";
import { uniformAt } from "../../core/random.js";
import { luma } from "../../signal/pixels.js";
import { geometric } from "../geometric.js";
import { exposureTable, levelTable, mapLevels } from "./levels.js";
import { pictureDamage } from "./picture-damage.js";

/** Colours faded towards the grey of the same luma. */
export const colourOff = pictureDamage({
  summary: "the colours are faded, at severity 1 the picture is grey",
  unit: "share of the colour that is lost",
  amountAt: (severity) => severity,
  corrupt: ({ rgb }, share) => saturated(rgb, 1 - share),
});

/** Colours moved away from the grey of the same luma, and limited to the range of levels. */
export const highSaturation = pictureDamage({
  summary: "the colours are far too strong",
  unit: "times the colour",
  amountAt: geometric(1, 8),
  corrupt: ({ rgb }, factor) => saturated(rgb, factor),
});

/** Multiplies the difference of each level from the grey of the same luma. */
function saturated(rgb: Uint8Array, factor: number): Uint8Array {
  const result = new Uint8ClampedArray(rgb.length);
  for (let i = 0; i < rgb.length; i += 3) {
    const grey = luma(defined(rgb[i]), defined(rgb[i + 1]), defined(rgb[i + 2]));
    for (let c = 0; c < 3; c++) result[i + c] = Math.round(grey + factor * (defined(rgb[i + c]) - grey));
  }
  return new Uint8Array(result.buffer);
}

/** Wrong white balance: too warm or too cold, by a draw. */
export const colourCast = pictureDamage({
  summary: "the white balance is wrong: the picture is much too red or too blue",
  unit: "stops between red and blue",
  amountAt: (severity) => 6 * severity,
  corrupt: ({ rgb }, stops, { key }) => {
    const [more, same, less] = [exposureTable(stops / 2), levelTable((v) => v), exposureTable(-stops / 2)];
    return mapLevels(rgb, uniformAt(key, 0) < 0.5 ? [more, same, less] : [less, same, more]);
  },
});

const PAIRS = [
  [0, 1],
  [1, 2],
  [0, 2],
] as const;

/** Two drawn channels exchanged, completely or in part. */
export const swappedChannels = pictureDamage({
  summary: "two colours are exchanged, as red and blue by a wrong cable or codec",
  unit: "share of each of the two channels that comes from the other",
  amountAt: (severity) => severity,
  corrupt: ({ rgb }, share, { key }) => {
    const [a, b] = PAIRS[Math.floor(3 * uniformAt(key, 0))] ?? PAIRS[2];
    const result = rgb.slice();
    for (let i = 0; i < rgb.length; i += 3) {
      const difference = share * (defined(rgb[i + b]) - defined(rgb[i + a]));
      result[i + a] = Math.round(defined(rgb[i + a]) + difference);
      result[i + b] = Math.round(defined(rgb[i + b]) - difference);
    }
    return result;
  },
});

/** The negative, from the brightest levels down. */
export const inverted = pictureDamage({
  summary: "bright parts are shown as in a negative, at severity 1 all of the picture",
  unit: "share of the 256 levels, from the brightest down, that are inverted",
  amountAt: (severity) => severity,
  corrupt: ({ rgb }, share) => {
    const table = levelTable((level) => (level >= 256 * (1 - share) ? 255 - level : level));
    return mapLevels(rgb, [table, table, table]);
  },
});
