import { defined } from "../../core/defined.js";
import type { AudioMedia } from "../media.js";

const HEADER_BYTES = 44;
const FULL_SCALE = 32768;

/**
 * Returns the bytes of a WAV file: 16-bit PCM, mono, little-endian. Samples beyond full scale are cut off.
 *
 * Samples that came from a file of 16 bits keep their bits.
 */
export function encodeWav({ samples, sampleRate }: AudioMedia): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + 2 * samples.length);
  const view = new DataView(bytes.buffer);
  const rate = Math.round(sampleRate);
  writeAscii(bytes, 0, "RIFF");
  view.setUint32(4, bytes.length - 8, true);
  writeAscii(bytes, 8, "WAVEfmt ");
  view.setUint32(16, 16, true); // bytes of the format
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 1, true); // channels
  view.setUint32(24, rate, true);
  view.setUint32(28, 2 * rate, true); // bytes per second
  view.setUint16(32, 2, true); // bytes per sample
  view.setUint16(34, 16, true); // bits
  writeAscii(bytes, 36, "data");
  view.setUint32(40, 2 * samples.length, true);
  for (let i = 0; i < samples.length; i++) {
    const value = Math.round(defined(samples[i]) * FULL_SCALE);
    view.setInt16(HEADER_BYTES + 2 * i, Math.max(-FULL_SCALE, Math.min(FULL_SCALE - 1, value)), true);
  }
  return bytes;
}

function writeAscii(bytes: Uint8Array, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i);
}
