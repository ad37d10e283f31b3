import type { AudioMedia } from "euar/browser";
import { defined } from "../../../src/core/defined.js";

const HEADER = 44;

/** Writes a sound as a wav file of 16 bits, which every browser plays. */
export function wavOf({ samples, sampleRate }: AudioMedia): Blob {
  const view = new DataView(new ArrayBuffer(HEADER + 2 * samples.length));
  const text = (at: number, letters: string): void => {
    for (let i = 0; i < letters.length; i++) view.setUint8(at + i, letters.charCodeAt(i));
  };
  text(0, "RIFF");
  view.setUint32(4, HEADER - 8 + 2 * samples.length, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true); // bytes of the format
  view.setUint16(20, 1, true); // integers
  view.setUint16(22, 1, true); // channels
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, 2 * sampleRate, true);
  view.setUint16(32, 2, true); // bytes of a sample
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, 2 * samples.length, true);
  for (const [i, sample] of samples.entries()) {
    const clipped = Math.min(1, Math.max(-1, sample));
    view.setInt16(HEADER + 2 * i, Math.round(clipped * (clipped < 0 ? 0x8000 : 0x7fff)), true);
  }
  return new Blob([view.buffer], { type: "audio/wav" });
}

/**
 * Returns the loudest sample of each of `count` equal parts, with its sign, for a picture of the sound.
 * Parts without samples are 0.
 */
export function peaksOf({ samples }: AudioMedia, count: number): Float32Array {
  const peaks = new Float32Array(count);
  for (const [i, sample] of samples.entries()) {
    const part = Math.min(count - 1, Math.floor((i * count) / samples.length));
    if (Math.abs(sample) > Math.abs(defined(peaks[part]))) peaks[part] = sample;
  }
  return peaks;
}

/** Returns the duration in seconds. */
export function secondsOf({ samples, sampleRate }: AudioMedia): number {
  return samples.length / sampleRate;
}
