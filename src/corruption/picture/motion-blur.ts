import { defined } from "../../core/defined.js";
import { cos, sin, sqrt } from "../../core/math.js";
import { uniformAt } from "../../core/random.js";
import type { PixelImage } from "../../signal/pixels.js";
import { meanOver, runMean } from "./line-mean.js";
import { pictureDamage, pixelScale } from "./picture-damage.js";

/** Mean along a straight path in a drawn direction: the camera moved. */
export const motionBlur = pictureDamage({
  summary: "the camera or the person moved while the picture was taken",
  unit: "pixels of movement, for a shorter side of 224 pixels",
  amountAt: (severity) => 40 * severity,
  corrupt: (image, length, { key }) =>
    alongLines(image, length * pixelScale(image), Math.PI * uniformAt(key, 0)),
});

/**
 * Computes running means along parallel digital lines. Each pixel lies on one line, so the cost does not
 * depend on the length.
 * @param angle angle of the movement, in [0, pi)
 */
function alongLines({ width, height, rgb }: PixelImage, length: number, angle: number): Uint8Array {
  const [dx, dy] = [cos(angle), sin(angle)];
  // Lines step along their main axis; `across` is the other axis.
  const isFlat = Math.abs(dx) >= Math.abs(dy);
  const slope = isFlat ? dy / dx : dx / dy;
  const [steps, across] = isFlat ? [width, height] : [height, width];
  const [step, stepAcross] = isFlat ? [3, 3 * width] : [3 * width, 3];
  const mean = meanOver(1 + length / sqrt(1 + slope * slope));
  const offsets = Int32Array.from({ length: steps }, (_, i) => Math.round(slope * i));
  const farthest = defined(offsets[steps - 1]);
  const line = new Float64Array(steps);
  const scratch = new Float64Array(steps);
  const result = new Uint8Array(rgb.length);
  for (let start = -Math.max(0, farthest); start < across - Math.min(0, farthest); start++) {
    let first = 0;
    while (first < steps && !isInside(start + defined(offsets[first]), across)) first++;
    let end = first;
    while (end < steps && isInside(start + defined(offsets[end]), across)) end++;
    for (let c = 0; c < 3; c++) {
      const at = (i: number): number => i * step + (start + defined(offsets[i])) * stepAcross + c;
      for (let i = first; i < end; i++) line[i - first] = defined(rgb[at(i)]);
      runMean(line, scratch, end - first, mean, 1);
      for (let i = first; i < end; i++) result[at(i)] = Math.round(defined(line[i - first]));
    }
  }
  return result;
}

function isInside(value: number, end: number): boolean {
  return value >= 0 && value < end;
}
