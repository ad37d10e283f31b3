import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Folder of the LibriVox sentences in Debian's pocketsphinx-testdata (16 kHz, 16 bit, mono). */
const folder = "/usr/share/pocketsphinx/test/data/librivox";

export const sentences = ["0870", "0880", "0890", "0920", "0930"] as const;

/** Returns true, with a warning, if the speech is not installed. For `describe.skipIf`. */
export function speechIsAbsent(): boolean {
  if (existsSync(folder)) return false;
  console.warn(`Skipped: ${folder} is absent; apt-get install pocketsphinx-testdata to run these tests.`);
  return true;
}

/** Reads the samples of a sentence in [-1, 1] at 16 kHz, [n]. */
export function readSentence(name: string): Float32Array {
  const bytes = readFileSync(join(folder, `sense_and_sensibility_01_austen_64kb-${name}.wav`));
  const view = new DataView(bytes.buffer, bytes.byteOffset + 44, bytes.byteLength - 44);
  return Float32Array.from(
    { length: Math.floor(view.byteLength / 2) },
    (_, i) => view.getInt16(2 * i, true) / 32_768,
  );
}
