import { defined } from "../../core/defined.js";
import { requireOther } from "../check-media-damage.js";
import { resized } from "./low-resolution.js";
import { checkPixels, pictureDamage } from "./picture-damage.js";

/** Another picture, stretched to the size of this one, laid over it. At severity 1 it replaces this one. */
export const wrongPicture = pictureDamage({
  summary: "another picture shines through, at severity 1 it is shown in place of the right one",
  unit: "share of the other picture in each pixel",
  amountAt: (severity) => severity,
  needsOther: true,
  corrupt: ({ width, height, rgb }, share, { other }) => {
    const given = requireOther(other, "wrong-picture");
    checkPixels(given);
    const over = resized(given, width, height).rgb;
    return rgb.map((level, i) => Math.round(level + share * (defined(over[i]) - level)));
  },
});
