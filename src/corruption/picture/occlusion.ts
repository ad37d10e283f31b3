import { uniformAt } from "../../core/random.js";
import { pictureDamage } from "./picture-damage.js";

/**
 * Black rectangle with the proportions of the region, at a drawn place in it. At severity 1 the region, or
 * the complete picture, is black.
 */
export const occlusion = pictureDamage({
  summary: "a part of the picture (or of the face) is covered, at severity 1 all of it",
  unit: "share of the area that is covered",
  amountAt: (severity) => severity,
  corrupt: ({ width, rgb }, share, { key, region }) => {
    const side = Math.sqrt(share);
    const across = Math.round(side * region.width);
    const down = Math.round(side * region.height);
    const left = region.left + Math.floor(uniformAt(key, 0) * (region.width - across));
    const top = region.top + Math.floor(uniformAt(key, 1) * (region.height - down));
    const result = rgb.slice();
    for (let y = top; y < top + down; y++)
      result.fill(0, 3 * (y * width + left), 3 * (y * width + left + across));
    return result;
  },
});
