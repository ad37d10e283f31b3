import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { ffmpeg, makeClip, utterances } from "../src/features/testing/make-clip.js";

/** Unreadable file, and the words that its error must contain in addition to its name. */
export interface BadFile {
  readonly name: string;
  readonly as: "audio" | "video" | "image";
  readonly code: string;
  readonly says: RegExp;
}

const speech = utterances.young.file;
const pattern = ["-f", "lavfi", "-i", "testsrc2=size=64x64:rate=25:duration=1"];

/** Writes unreadable clips and sounds into `folder`, and a readable `clip.mp4` with speech and a face. */
export function makeBadClips(folder: string): readonly BadFile[] {
  const at = (name: string): string => join(folder, name);
  const clip = readFileSync(makeClip(at("clip.mp4"), { face: "calmMan", sound: "young", seconds: 2.5 }));
  writeFileSync(at("no-index.mp4"), clip.subarray(0, clip.length >> 1));
  writeFileSync(at("empty.mp4"), "");
  writeFileSync(at("empty.wav"), "");
  writeFileSync(at("text.mp4"), "Dear all,\nthis is no clip.\n");
  writeFileSync(
    at("playlist.mp4"),
    "#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n",
  );
  mkdirSync(at("folder.mp4"));
  ffmpeg("-i", at("clip.mp4"), "-an", "-c", "copy", at("mute.mp4"));
  ffmpeg("-i", speech, "-c:a", "pcm_s16le", "-f", "wav", at("sound.mp4"));
  ffmpeg(...pattern, "-t", "0", at("no-frames.mp4"));
  ffmpeg(...pattern, "-vf", "select=0", "-c:v", "mjpeg", at("no-frames.avi"));
  ffmpeg("-i", speech, "-c:a", "pcm_f32le", at("nan.wav"));
  const wav = readFileSync(at("nan.wav"));
  wav.writeFloatLE(NaN, wav.length - 4000);
  writeFileSync(at("nan.wav"), wav);
  writeFileSync(at("header.wav"), readFileSync(speech).subarray(0, 20));
  const gray = [
    "-f",
    "lavfi",
    "-i",
    "color=gray:size=64x48:rate=1",
    "-f",
    "lavfi",
    "-i",
    "anullsrc=sample_rate=8000:channel_layout=mono",
  ];
  ffmpeg(...gray, "-t", "7200", "-preset", "ultrafast", "-c:a", "aac", "-b:a", "8k", at("two-hours.mp4"));
  ffmpeg("-i", at("two-hours.mp4"), "-vn", "-c", "copy", "-live", "1", at("two-hours-unsaid.mkv"));
  return [
    { name: "no-index.mp4", as: "audio", code: "media.damaged", says: /cut off/ },
    { name: "empty.mp4", as: "video", code: "media.damaged", says: /0 bytes/ },
    { name: "empty.wav", as: "audio", code: "media.damaged", says: /0 bytes/ },
    { name: "text.mp4", as: "video", code: "media.unsupported", says: /Convert it/ },
    { name: "playlist.mp4", as: "audio", code: "media.unsupported", says: /not followed/ },
    { name: "folder.mp4", as: "video", code: "media.unsupported", says: /a folder/ },
    { name: "mute.mp4", as: "audio", code: "media.unsupported", says: /has no audio/ },
    { name: "sound.mp4", as: "video", code: "media.unsupported", says: /has no video/ },
    { name: "no-frames.mp4", as: "video", code: "media.unsupported", says: /has no video/ },
    { name: "no-frames.avi", as: "video", code: "media.damaged", says: /the video of .* cannot be read/ },
    { name: "nan.wav", as: "audio", code: "media.damaged", says: /not a number, at \d+.*16-bit PCM/ },
    { name: "header.wav", as: "audio", code: "media.unsupported", says: /Convert it/ },
    {
      name: "two-hours.mp4",
      as: "audio",
      code: "media.too-large",
      says: /lasts 7200\.\d s; the limit is 600 s.*Cut the clip/,
    },
    {
      name: "two-hours.mp4",
      as: "video",
      code: "media.too-large",
      says: /lasts 7200\.\d s; the limit is 600 s.*Cut the clip/,
    },
    // Its header does not state its length, so it is read up to the limit.
    {
      name: "two-hours-unsaid.mkv",
      as: "audio",
      code: "media.too-large",
      says: /lasts 60\d\.\d s; the limit is 600 s.*Cut the clip/,
    },
    ...pipe(at("pipe.mp4"), "audio"),
  ];
}

const [width, height] = [64, 48];
const gradient = Uint8Array.from(
  { length: width * height * 3 },
  (_, i) => (i % 3) * 60 + (Math.floor(i / 3) % width) + (Math.floor(i / 3 / width) >> 3) * 9,
);

/** Makes a picture with a colour gradient from one side to the other. */
export function goodPicture(): Sharp {
  return sharp(gradient, { raw: { width, height, channels: 3 } });
}

/** Makes two frames: `goodPicture`, and the same upside down and inverted. */
export function animation(): Sharp {
  const other = gradient.map((value) => 255 - value).reverse();
  return sharp(Buffer.concat([gradient, other]), {
    raw: { width, height: 2 * height, channels: 3, pageHeight: height },
  });
}

export function flatPicture(side: number): Sharp {
  return sharp({
    create: { width: side, height: side, channels: 3, background: "#886644" },
    limitInputPixels: false,
  });
}

/**
 * Writes unreadable pictures into `folder`.
 * @param address address that must not be requested
 */
export async function makeBadPictures(folder: string, address: string): Promise<readonly BadFile[]> {
  const at = (name: string): string => join(folder, name);
  const png = await goodPicture().png().toBuffer();
  writeFileSync(at("half.png"), png.subarray(0, png.length >> 1));
  writeFileSync(at("empty.png"), "");
  writeFileSync(at("text.jpg"), "not a picture");
  mkdirSync(at("folder.png"));
  const entity =
    '<!DOCTYPE svg [<!ENTITY file SYSTEM "file:///etc/passwd">' +
    `<!ENTITY far SYSTEM "${address}/entity">]>`;
  const svg =
    `<?xml version="1.0"?>${entity}` +
    '<svg xmlns="http://www.w3.org/2000/svg" width="99999999" height="99999999">' +
    `<script href="${address}/script"/><image href="${address}/image"/><text>&file;&far;</text></svg>`;
  writeFileSync(at("hostile.svg"), svg);
  writeFileSync(at("hostile.png"), `\ufeff  ${svg}`);
  // Less than a megabyte that decodes to more than a gigabyte.
  await flatPicture(20_000).toColourspace("b-w").png({ compressionLevel: 1 }).toFile(at("bomb.png"));
  return [
    { name: "half.png", as: "image", code: "media.damaged", says: /cut short.*Fetch it again/ },
    { name: "empty.png", as: "image", code: "media.damaged", says: /zero bytes.*Fetch it again/ },
    { name: "text.jpg", as: "image", code: "media.unsupported", says: /first bytes.*are read/ },
    { name: "folder.png", as: "image", code: "media.unsupported", says: /a folder/ },
    { name: "hostile.svg", as: "image", code: "media.unsupported", says: /SVG.*Convert it to PNG/ },
    { name: "hostile.png", as: "image", code: "media.unsupported", says: /SVG.*Convert it to PNG/ },
    { name: "bomb.png", as: "image", code: "media.too-large", says: /more than 100000000 pixels.*Shrink it/ },
    ...pipe(at("pipe.png"), "image"),
  ];
}

/**
 * Makes a named pipe without a writer: reading it would never end. Returns none if the system has no pipes.
 */
function pipe(path: string, as: BadFile["as"]): BadFile[] {
  if (spawnSync("mkfifo", [path]).status !== 0) return [];
  return [
    {
      name: path.slice(path.lastIndexOf("/") + 1),
      as,
      code: "media.unsupported",
      says: /a pipe or device.*as a file first/,
    },
  ];
}
