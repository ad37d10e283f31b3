import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { randomKey } from "../core/random.js";
import { WHOLE } from "../corruption/media-damage.js";
import { type PictureKind } from "../corruption/picture/testing/pictures.js";
import { pictureDamages } from "../corruption/picture/picture-damages.js";
import type { SoundKind } from "../corruption/sound/testing/sounds.js";
import { soundDamages } from "../corruption/sound/sound-damages.js";
import { loadSilero, sileroModel } from "./audio/activity/silero-activity.js";
import { audioQuality } from "./audio/audio-quality.js";
import { readSentence, speechIsAbsent } from "./audio/testing/speech.js";
import { decodeImage } from "./decode/image.js";
import { squareAround } from "./face/crop.js";
import { faceQuality } from "./face/face-quality.js";
import { measurePicture } from "./face/picture-measures.js";
import { imageQuality } from "./image/image-quality.js";
import type { ImageMedia } from "./media.js";
import { nodeAssets } from "./node-assets.js";
import type { Quality } from "./quality.js";

// Facts, not wishes: which kind of corruption the measures of quality notice, and which they do not. The same
// table is in docs/damage.md.

const SEVERITY = 0.8;

const codesOf = ({ problems }: Quality): string[] => problems.map(({ code }) => code).sort();

const soundFacts = {
  mute: ["audio.silent"],
  quiet: ["audio.silent"],
  "white-noise": ["audio.noisy"],
  "pink-noise": ["audio.noisy"],
  "brown-noise": ["audio.noisy"],
  "blue-noise": ["audio.noisy"],
  "violet-noise": ["audio.noisy"],
  babble: [],
  "sudden-noise": ["audio.bang"],
  clipping: ["audio.clipped"],
  "low-pass": ["audio.muffled"],
  telephone: ["audio.muffled"],
  reverberation: ["audio.echo"],
  "packet-loss": ["audio.gaps", "audio.no-speech"],
  speed: [],
  "wrong-clip": [],
} as const satisfies Record<SoundKind, readonly string[]>;

describe.skipIf(speechIsAbsent())("audioQuality of speech with a corruption", async () => {
  const silero = await loadSilero(await nodeAssets(sileroModel.packageName, sileroModel.path), nodeAssets);
  const padded = (name: "0880" | "0890"): Float32Array => {
    const sentence = readSentence(name);
    const samples = new Float32Array(sentence.length + 32_000);
    samples.set(sentence, 16_000);
    return samples;
  };
  const sound = { samples: padded("0880"), sampleRate: 16_000 };
  const other = { samples: padded("0890"), sampleRate: 16_000 };

  it.each(Object.keys(soundFacts) as SoundKind[])("%s", async (kind) => {
    const key = randomKey(1, kind);
    const { samples } = soundDamages[kind].apply(sound, SEVERITY, { key, span: WHOLE, other });
    const speech = await silero.detect(samples);
    const quality = audioQuality({ samples, original: samples, speech, invalidShare: 0 });
    expect(codesOf(quality)).toEqual(soundFacts[kind]);
  });
});

/** Problems that the measures of images find, and those that the measures of a face's pictures find. */
const pictureFacts = {
  "gaussian-noise": [["image.noisy"], ["image.noisy"]],
  "salt-and-pepper": [["image.noisy"], ["image.noisy"]],
  blur: [["image.blurred"], ["image.blurred"]],
  "box-blur": [["image.blurred"], ["image.blurred"]],
  "motion-blur": [[], []],
  dark: [["image.dark"], ["image.dark"]],
  bright: [["image.bright"], []],
  "low-contrast": [[], []],
  "high-contrast": [["image.noisy"], ["image.noisy"]],
  "low-resolution": [["image.blurred"], []],
  "jpeg-blocks": [[], []],
  occlusion: [[], ["image.dark"]],
  "colour-off": [[], []],
  "high-saturation": [[], []],
  "colour-cast": [[], []],
  "swapped-channels": [[], []],
  "inverted-colours": [[], ["image.noisy"]],
  "wrong-picture": [[], []],
} as const satisfies Record<PictureKind, readonly [readonly string[], readonly string[]]>;

/** Folder of pictures of the face package. */
const pictures = (createRequire(import.meta.url).resolve.paths("@vladmandic/human") ?? [])
  .map((folder) => join(folder, "@vladmandic/human/assets"))
  .find((folder) => existsSync(folder));

describe.skipIf(pictures === undefined)("quality of a photograph with a corruption", () => {
  const photo = (name: string): Promise<ImageMedia> =>
    decodeImage(join(pictures ?? "", name), { maxSide: 384 });
  const images = Promise.all([photo("samples.jpg"), photo("screenshot-facematch.jpg")]);
  const faceProblems = (image: ImageMedia): string[] => {
    const picture = measurePicture(image, squareAround(image));
    return codesOf(
      faceQuality([{ faceFound: true, faceHeight: 100, others: 0, picture, change: undefined }]),
    );
  };

  it("finds no problem in the unchanged photograph", async () => {
    const [image] = await images;
    expect([codesOf(imageQuality(image)), faceProblems(image)]).toEqual([[], []]);
  });

  it.each(Object.keys(pictureFacts) as PictureKind[])("%s", async (kind) => {
    const [image, other] = await images;
    const key = randomKey(1, kind);
    const result = pictureDamages[kind].apply(image, SEVERITY, { key, span: WHOLE, other });
    expect([codesOf(imageQuality(result)), faceProblems(result)]).toEqual(pictureFacts[kind]);
  });
});
