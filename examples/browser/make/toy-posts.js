// Makes posts of a text and a drawn picture for a toy model. Suns in bright skies are positive, rain in grey
// ones is negative, and boards are neutral.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { moods, toyText } from "./toy-texts.js";

const WIDTH = 192;
const HEIGHT = 144;

/**
 * Writes a folder in the form that `euar extract` reads: train.jsonl, dev.jsonl, test.jsonl and the pictures.
 * @param {string} folder
 * @param {{ train: number, dev: number, test: number }} sizes
 */
export async function writeToyPosts(folder, sizes) {
  mkdirSync(join(folder, "images"), { recursive: true });
  let made = 0;
  for (const [split, size] of Object.entries(sizes)) {
    const lines = [];
    for (let i = 0; i < size; i++, made++) {
      const { mood, text } = toyText(made);
      const img = `images/${made}.png`;
      // One picture in six and one text in seven do not match the label, so that the model is not always
      // certain.
      writeFileSync(
        join(folder, img),
        await toyPicture(made % 6 === 5 ? moods[(made + 1) % moods.length] : mood, made),
      );
      lines.push(
        JSON.stringify({
          id: String(made),
          label: mood,
          text: made % 7 === 3 ? toyText(made + 1).text : text,
          img,
        }),
      );
    }
    writeFileSync(join(folder, `${split}.jsonl`), `${lines.join("\n")}\n`);
  }
}

/**
 * @param {string} mood
 * @param {number} seed
 * @returns {Promise<Buffer>} a PNG of 192 x 144
 */
export function toyPicture(mood, seed) {
  const draw = whole(seed + 1);
  return sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">` +
        `${scenes[mood](draw)}${grain(draw)}</svg>`,
    ),
  )
    .flatten({ background: "#fff" })
    .png()
    .toBuffer();
}

const scenes = {
  positive: (draw) => `
    <rect width="192" height="144" fill="hsl(${195 + draw(20)} 85% 70%)"/>
    <rect y="${95 + draw(15)}" width="192" height="60" fill="hsl(${95 + draw(40)} 60% 45%)"/>
    <circle cx="${40 + draw(110)}" cy="${30 + draw(25)}" r="${16 + draw(10)}"
      fill="hsl(${42 + draw(14)} 100% 55%)"/>
    ${repeat(
      9,
      () =>
        `<circle cx="${draw(192)}" cy="${108 + draw(32)}" r="${3 + draw(5)}" ` +
        `fill="hsl(${draw(360)} 85% 60%)"/>`,
    )}`,
  negative: (draw) => `
    <rect width="192" height="144" fill="hsl(220 ${5 + draw(10)}% ${24 + draw(14)}%)"/>
    <ellipse cx="${50 + draw(90)}" cy="${20 + draw(15)}" rx="${50 + draw(30)}" ry="${16 + draw(8)}"
      fill="hsl(220 6% ${40 + draw(10)}%)"/>
    ${repeat(
      40,
      () =>
        `<path d="M${draw(192)} ${30 + draw(110)} l-5 12" stroke="hsl(215 20% ${55 + draw(20)}%)" ` +
        'stroke-width="1.5"/>',
    )}`,
  neutral: (draw) => `
    <rect width="192" height="144" fill="hsl(${30 + draw(20)} 18% ${72 + draw(12)}%)"/>
    <rect x="${20 + draw(20)}" y="${15 + draw(15)}" width="${110 + draw(30)}" height="${85 + draw(25)}"
      fill="hsl(40 10% 93%)" stroke="#555" stroke-width="2"/>
    ${repeat(6, (i) => `<rect x="48" y="${38 + 11 * i}" width="${40 + draw(55)}" height="4" fill="#666"/>`)}`,
};

/** Adds specks, because real pictures are never perfectly smooth. */
function grain(draw) {
  return repeat(
    120,
    () =>
      `<rect x="${draw(192)}" y="${draw(144)}" width="2" height="2" fill="hsl(0 0% ${draw(100)}%)" ` +
      'opacity="0.18"/>',
  );
}

function repeat(count, make) {
  return Array.from({ length: count }, (_, i) => make(i)).join("");
}

/**
 * Draws whole numbers in [0, n) with a linear congruential generator, so that all machines draw the same
 * pictures.
 */
function whole(seed) {
  let state = Math.imul(seed, 2654435761) >>> 0;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % n;
  };
}
