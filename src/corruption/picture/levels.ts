import { defined } from "../../core/defined.js";
import { exp, log } from "../../core/math.js";

/** [256], new level of each level of a channel. */
export type LevelTable = Uint8Array;

/** Applies a table to each channel. */
export function mapLevels(
  rgb: Uint8Array,
  tables: readonly [LevelTable, LevelTable, LevelTable],
): Uint8Array {
  const [red, green, blue] = tables;
  const result = new Uint8Array(rgb.length);
  for (let i = 0; i < rgb.length; i += 3) {
    result[i] = defined(red[defined(rgb[i])]);
    result[i + 1] = defined(green[defined(rgb[i + 1])]);
    result[i + 2] = defined(blue[defined(rgb[i + 2])]);
  }
  return result;
}

/** Returns the table of a function of levels. Rounds its values and limits them to 0..255. */
export function levelTable(change: (level: number) => number): LevelTable {
  return Uint8Array.from({ length: 256 }, (_, level) =>
    Math.max(0, Math.min(255, Math.round(change(level)))),
  );
}

/**
 * Returns the table of an exposure, which multiplies the light by 2^stops. Converts levels to linear light
 * and back by the transfer function of sRGB (IEC 61966-2-1).
 */
export function exposureTable(stops: number): LevelTable {
  const factor = exp(stops * LN2);
  return levelTable((level) => 255 * fromLinear(factor * toLinear(level / 255)));
}

const LN2 = 0.6931471805599453;

function toLinear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : exp(2.4 * log((value + 0.055) / 1.055));
}

function fromLinear(value: number): number {
  return value <= 0.0031308 ? 12.92 * value : 1.055 * exp(log(value) / 2.4) - 0.055;
}
