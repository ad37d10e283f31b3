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

function onAll(rgb: Uint8Array, table: LevelTable): Uint8Array {
  return mapLevels(rgb, [table, table, table]);
}
