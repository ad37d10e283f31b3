import { geometric } from "../geometric.js";
import { exposureTable, levelTable, type LevelTable, mapLevels } from "./levels.js";
import { pictureDamage } from "./picture-damage.js";

/** Under-exposed. */
export const dark = pictureDamage({
  summary: "the picture is too dark",
  unit: "stops of light that are missing",
  amountAt: (severity) => 8 * severity,
  corrupt: ({ rgb }, stops) => onAll(rgb, exposureTable(-stops)),
});

/** Over-exposed: levels above the range become white. */
export const bright = pictureDamage({
  summary: "the picture is too bright and its bright parts are white",
  unit: "stops of light too many",
  amountAt: (severity) => 8 * severity,
  corrupt: ({ rgb }, stops) => onAll(rgb, exposureTable(stops)),
});

/** All levels moved towards the middle of the range. */
export const lowContrast = pictureDamage({
  summary: "the picture is pale, as in fog",
  unit: "share of the contrast that is lost",
  amountAt: (severity) => 0.95 * severity,
  corrupt: ({ rgb }, share) =>
    onAll(
      rgb,
      levelTable((level) => 127.5 + (1 - share) * (level - 127.5)),
    ),
});

/** All levels moved away from the middle of the range, and limited to it. */
export const highContrast = pictureDamage({
  summary: "the picture is harsh: its dark parts are black and its bright parts white",
  unit: "times the contrast",
  amountAt: geometric(1, 8),
  corrupt: ({ rgb }, factor) =>
    onAll(
      rgb,
      levelTable((level) => 127.5 + factor * (level - 127.5)),
    ),
});

function onAll(rgb: Uint8Array, table: LevelTable): Uint8Array {
  return mapLevels(rgb, [table, table, table]);
}
