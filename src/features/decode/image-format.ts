import { MediaError } from "../../core/errors.js";
import type { FileUse } from "../../data/formats/file-kind.js";
import { misplacedMedium } from "../misplaced-medium.js";

export type ImageFormat = "jpeg" | "png" | "gif" | "webp" | "tiff" | "avif";

/** Expected kinds include gzip, because a compressed SVG has a separate message below. */
const PICTURE: FileUse = { expected: ["image", "text", "xml", "gzip"], wanted: "a picture" };

/**
 * Returns the format of an image by its first bytes, not by its name. Knows only pixel formats. An SVG is a
 * program that can request other files or endless work: it is refused before anything parses it.
 * @param name for messages
 * @throws MediaError "media.damaged" for no bytes, "media.unsupported" for any other format
 */
export function imageFormat(bytes: Uint8Array, name: string): ImageFormat {
  if (bytes.length === 0)
    throw new MediaError("media.damaged", `${name} is empty (zero bytes)`, {
      hint: "Fetch it again, or save it again from the original.",
    });
  const found = signatures.find(({ matches }) => matches(bytes));
  if (found) return found.format;
  const misplaced = misplacedMedium(bytes, name, PICTURE);
  if (misplaced !== undefined) throw misplaced;
  if (looksLikeMarkup(bytes)) {
    throw new MediaError(
      "media.unsupported",
      `${name} is an SVG or other markup, which is not read: it could refer to other files or never end`,
      {
        hint: "Convert it to PNG with a program that you trust.",
      },
    );
  }
  throw new MediaError(
    "media.unsupported",
    `${name} is not an image that can be read: its first bytes are ${firstBytes(bytes)}`,
    {
      hint: "JPEG, PNG, WebP, GIF (first frame), TIFF and AVIF are read.",
    },
  );
}

interface Signature {
  readonly format: ImageFormat;
  readonly matches: (bytes: Uint8Array) => boolean;
}

const AVIF_BRANDS = new Set(["avif", "avis", "mif1"]);

const signatures: readonly Signature[] = [
  { format: "jpeg", matches: (bytes) => startsWith(bytes, 0xff, 0xd8, 0xff) },
  { format: "png", matches: (bytes) => startsWith(bytes, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a) },
  { format: "gif", matches: (bytes) => /^GIF8[79]a/.test(ascii(bytes, 0, 6)) },
  { format: "webp", matches: (bytes) => ascii(bytes, 0, 4) === "RIFF" && ascii(bytes, 8, 4) === "WEBP" },
  {
    format: "tiff",
    matches: (bytes) => startsWith(bytes, 0x49, 0x49, 0x2a, 0) || startsWith(bytes, 0x4d, 0x4d, 0, 0x2a),
  },
  {
    format: "avif",
    matches: (bytes) => ascii(bytes, 4, 4) === "ftyp" && AVIF_BRANDS.has(ascii(bytes, 8, 4)),
  },
];

function startsWith(bytes: Uint8Array, ...start: readonly number[]): boolean {
  return start.every((byte, i) => bytes[i] === byte);
}

function ascii(bytes: Uint8Array, from: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(from, from + length));
}

/**
 * True for markup in UTF-8 or UTF-16, after a byte order mark and whitespace, and for gzip, as a compressed
 * SVG begins.
 */
function looksLikeMarkup(bytes: Uint8Array): boolean {
  const text = ascii(bytes, 0, 256).replace(/^(\u00ef\u00bb\u00bf|\u00ff\u00fe|\u00fe\u00ff)/, "");
  return /^[\s\0]*</.test(text) || startsWith(bytes, 0x1f, 0x8b);
}

function firstBytes(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
