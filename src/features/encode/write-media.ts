import { extname } from "node:path";
import { ConfigError } from "../../core/errors.js";
import { writeFile } from "../../data/files/write-file.js";
import type { AudioMedia, ImageMedia } from "../media.js";
import { encodePicture, type PictureFormat } from "./picture.js";
import { encodeWav } from "./wav.js";

const pictureFormats: Readonly<Record<string, PictureFormat>> = {
  ".png": "png",
  ".jpg": "jpeg",
  ".jpeg": "jpeg",
};

/**
 * Writes a sound as a WAV file of 16 bits, completely or not at all.
 * @throws ConfigError "config.invalid" for another extension than .wav; EuarError "io.write"
 */
export function writeSound(path: string, sound: AudioMedia): void {
  if (extname(path).toLowerCase() !== ".wav") throw unknownExtension(path, "a sound", [".wav"]);
  writeFile(path, encodeWav(sound));
}

/**
 * Writes a picture as PNG (lossless) or JPEG, by the extension, completely or not at all.
 * @throws ConfigError "config.invalid" for another extension; EuarError "io.write"; MediaError
 * "media.missing-package"
 */
export async function writePicture(path: string, image: ImageMedia): Promise<void> {
  const format = pictureFormats[extname(path).toLowerCase()];
  if (format === undefined) throw unknownExtension(path, "a picture", Object.keys(pictureFormats));
  writeFile(path, await encodePicture(image, format));
}

/** Name of the written picture: its own if it is PNG or JPEG, otherwise with the extension .png. */
export function pictureName(name: string): string {
  return renamed(name, Object.keys(pictureFormats), ".png");
}

/** Name of the written sound: with the extension .wav. */
export function soundName(name: string): string {
  return renamed(name, [".wav"], ".wav");
}

/** Returns the name if it has one of the extensions, otherwise the name with `extension` instead. */
export function renamed(name: string, extensions: readonly string[], extension: string): string {
  const own = extname(name);
  if (extensions.includes(own.toLowerCase())) return name;
  return `${own === "" ? name : name.slice(0, -own.length)}${extension}`;
}

/** Error for a file name whose extension cannot be written. */
export function unknownExtension(path: string, what: string, known: readonly string[]): ConfigError {
  return new ConfigError("config.invalid", `${path} cannot be written as ${what}`, {
    hint: `Choose one of the extensions ${known.join(", ")}.`,
  });
}
