import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";

const TEXTS = [
  "what a lovely day",
  "this is awful",
  "the bus leaves at nine",
  "I love it so much",
  "never again, terrible",
  "a table and two chairs",
];
const LABELS = ["positive", "negative", "neutral"];

/**
 * Writes a folder of posts in the jsonl form of MVSA, with small generated pictures: `count` posts in train,
 * three each in valid and test.
 */
export async function makePosts(folder: string, count: number): Promise<void> {
  mkdirSync(join(folder, "images"), { recursive: true });
  const sizes = { train: count, dev: 3, test: 3 };
  let made = 0;
  for (const [split, size] of Object.entries(sizes)) {
    const lines: string[] = [];
    for (let i = 0; i < size; i++, made++) {
      const img = `images/${made}.png`;
      writeFileSync(join(folder, img), await picture(made));
      lines.push(
        JSON.stringify({
          id: String(made),
          label: LABELS[made % 3],
          text: `${TEXTS[made % TEXTS.length] ?? ""} ${made}`,
          img,
        }),
      );
    }
    writeFileSync(join(folder, `${split}.jsonl`), `${lines.join("\n")}\n`);
  }
}

/** Draws a 48 x 40 pattern, different for each number. */
function picture(number: number): Promise<Buffer> {
  const [width, height] = [48, 40];
  const rgb = Uint8Array.from(
    { length: width * height * 3 },
    (_, i) => ((i % 3) * 80 + ((i * (number + 3)) % 97) + 40 * ((Math.floor(i / 3 / width) >> 3) & 1)) & 255,
  );
  return sharp(rgb, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}
