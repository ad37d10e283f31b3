import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes a C-ordered float32 array as .npy (format 1.0). */
export function writeNpy(path: string, values: readonly number[], shape: readonly number[]): void {
  const dict =
    "{'descr': '<f4', 'fortran_order': False, 'shape': " +
    `(${shape.join(", ")}${shape.length === 1 ? "," : ""}), }`;
  const header = `${dict.padEnd(Math.ceil((dict.length + 11) / 64) * 64 - 11)}\n`;
  const prefix = Buffer.from([
    0x93,
    0x4e,
    0x55,
    0x4d,
    0x50,
    0x59,
    1,
    0,
    header.length & 255,
    header.length >> 8,
  ]);
  writeFileSync(
    path,
    Buffer.concat([prefix, Buffer.from(header, "latin1"), Buffer.from(Float32Array.from(values).buffer)]),
  );
}

export interface SplitParts {
  readonly rows: number;
  readonly labels: readonly number[];
  /** Rows of the audio file. Default: the same number as of the text. */
  readonly audioRows?: number;
}

/**
 * Writes a folder data set with two modalities (text width 3, audio width 2), optionally with faulty splits.
 */
export function writeFolder(
  folder: string,
  splits: Readonly<Record<"train" | "valid" | "test", SplitParts>>,
): void {
  const files: Record<string, unknown> = {};
  for (const [name, { rows, labels, audioRows = rows }] of Object.entries(splits)) {
    const values = (count: number): number[] =>
      Array.from({ length: count }, (_, i) => ((i * 7) % 5) - 2 + i / 100);
    writeNpy(join(folder, `${name}-text.npy`), values(rows * 3), [rows, 3]);
    writeNpy(join(folder, `${name}-audio.npy`), values(audioRows * 2), [audioRows, 2]);
    writeNpy(join(folder, `${name}-labels.npy`), labels, [labels.length]);
    files[name] = {
      features: { text: `${name}-text.npy`, audio: `${name}-audio.npy` },
      labels: `${name}-labels.npy`,
    };
  }
  writeFileSync(
    join(folder, "dataset.json"),
    JSON.stringify({ task: { kind: "regression", targets: ["sentiment"] }, splits: files }),
  );
}

export function labels(count: number): number[] {
  return Array.from({ length: count }, (_, i) => ((i * 3) % 7) - 3);
}
