import { defined } from "../../../core/defined.js";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Subset of Node's Buffer. These layers compile without its types, and also run in browsers. */
interface Host {
  readonly Buffer?: { from(text: string, encoding: "base64"): Uint8Array };
}

/** Decodes standard base64 with padding: by Node's Buffer if there is one, otherwise by own code. */
export function bytesOfBase64(text: string): Uint8Array {
  return (globalThis as unknown as Host).Buffer?.from(text, "base64") ?? decodeBase64(text);
}

/** Decodes standard base64 with padding. Own code, because not every host has `atob` or `Buffer`. */
export function decodeBase64(text: string): Uint8Array {
  const values = new Uint8Array(128);
  for (let i = 0; i < ALPHABET.length; i++) values[ALPHABET.charCodeAt(i)] = i;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let out = 0;
  for (let i = 0; i < text.length; i += 4) {
    const word =
      (defined(values[text.charCodeAt(i)]) << 18) |
      (defined(values[text.charCodeAt(i + 1)]) << 12) |
      (defined(values[text.charCodeAt(i + 2)]) << 6) |
      defined(values[text.charCodeAt(i + 3)]);
    // typed arrays ignore writes past their end, so padding needs no special case
    bytes[out] = word >> 16;
    bytes[out + 1] = word >> 8;
    bytes[out + 2] = word;
    out += 3;
  }
  return bytes;
}
