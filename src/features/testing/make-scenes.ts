import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";

/** Scene classes of NYU Depth V2 in its usual form: nine, and the rest. */
export const sceneClasses = [
  ...["Bathroom", "Bedroom", "Bookstore", "Classroom", "Dining_room", "Home_office", "Kitchen"],
  ...["Living_room", "Office", "Others"],
] as const;

/**
 * Writes a folder in the layout of NYU Depth V2: train and test with a folder for each class, whose PNG files
 * hold an RGB picture (left) and its depth (right) side by side. Classes differ in colour and depth.
 * @param sizes number of pictures per class, by folder of a split
 */
export async function makeScenes(folder: string, sizes: Readonly<Record<string, number>>): Promise<void> {
  for (const [split, size] of Object.entries(sizes)) {
    for (const [c, label] of sceneClasses.entries()) {
      mkdirSync(join(folder, split, label), { recursive: true });
      for (let i = 0; i < size; i++)
        writeFileSync(join(folder, split, label, `${String(i).padStart(4, "0")}.png`), await pair(c, i));
    }
  }
}

/**
 * Draws 16 x 6 pixels: a colour of the class on the left, a grey of the class on the right, and a stripe of
 * its own.
 */
function pair(label: number, number: number): Promise<Buffer> {
  const [width, height] = [16, 6];
  const rgb = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const x = Math.floor(i / 3) % width;
    const depth = 20 * label + 10 + (number % 8);
    if (x >= width / 2) return depth;
    return [25 * label, 250 - 25 * label, x === number % 8 ? 200 : 60][i % 3] ?? 0;
  });
  return sharp(rgb, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}
