import { normalAt, randomKey, uniformAt } from "../../core/random.js";
import type { Dataset, ModalityTable, Split, SplitName, Task } from "../dataset.js";

export interface ToyOptions {
  readonly sizes?: Readonly<Record<SplitName, number>>;
  readonly seed?: number;
  readonly task?: "regression" | "classification" | "two-targets" | "multi-label";
  /** Multiplies the features of the training split: large values poison it. */
  readonly scale?: number;
}

const WIDTHS = { text: 6, audio: 4 } as const;
const STRENGTH = { text: 1.2, audio: 0.5 } as const;

/**
 * A latent sentiment seen through two noisy modalities; some samples lack the audio, and the text of some is
 * noisier by a known severity.
 */
export function toyDataset(options: ToyOptions = {}): Dataset {
  const { sizes = { train: 96, valid: 40, test: 48 }, seed = 5, task = "regression", scale = 1 } = options;
  const split = (name: SplitName): Split =>
    toySplit(name, sizes[name], seed, task, name === "train" ? scale : 1);
  const modalities = Object.entries(WIDTHS).map(([name, width]) => ({ name, width, steps: 1 }));
  return {
    name: "toy",
    task: taskOf(task),
    modalities,
    splits: { train: split("train"), valid: split("valid"), test: split("test") },
    notes: [],
  };
}

function taskOf(kind: "regression" | "classification" | "two-targets" | "multi-label"): Task {
  if (kind === "multi-label") return { kind, labels: ["joy", "anger", "surprise"] };
  if (kind === "classification") return { kind, classes: ["negative", "neutral", "positive"] };
  return {
    kind: "regression",
    targets: kind === "two-targets" ? ["joy", "anger"] : ["sentiment"],
    range: [-3, 3],
  };
}

function toySplit(name: SplitName, size: number, seed: number, task: string, scale: number): Split {
  const key = randomKey(seed, `toy/${name}`);
  const latent = Float64Array.from({ length: size }, (_, i) => 6 * uniformAt(key, i) - 3);
  const severity = Float32Array.from({ length: size }, (_, i) =>
    i % 3 === 0 ? Math.fround(2 * uniformAt(key, 10_000 + i)) : 0,
  );
  const table = (modality: keyof typeof WIDTHS): ModalityTable => {
    const width = WIDTHS[modality];
    const noise = randomKey(seed, `toy/${name}/${modality}`);
    const values = Float32Array.from({ length: size * width }, (_, j) => {
      const i = Math.floor(j / width);
      const direction = j % 2 === 0 ? 1 : -1;
      const level = modality === "text" ? 1 + (severity[i] ?? 0) : 1;
      return scale * (direction * STRENGTH[modality] * (latent[i] ?? 0) + level * normalAt(noise, j));
    });
    const present = Uint8Array.from({ length: size }, (_, i) =>
      modality === "audio" && i % 5 === 4 ? 0 : 1,
    );
    return { width, steps: 1, values, mask: new Uint8Array(size).fill(1), present };
  };
  return {
    name,
    size,
    ids: Array.from({ length: size }, (_, i) => `${name}-${i}`),
    modalities: { text: table("text"), audio: table("audio") },
    labels: labelsOf(latent, task),
    corruption: {
      text: { severity, kind: Array.from(severity, (value) => (value > 0 ? "noise" : "clean")) },
    },
  };
}

function labelsOf(latent: Float64Array, task: string): Float32Array {
  if (task === "classification")
    return Float32Array.from(latent, (value) => (value < -1 ? 0 : value < 1 ? 1 : 2));
  if (task === "multi-label")
    return Float32Array.from({ length: latent.length * 3 }, (_, j) => {
      const value = latent[Math.floor(j / 3)] ?? 0;
      return Number([value > 0.5, value < -1.5, Math.abs(value) > 2][j % 3]);
    });
  if (task === "two-targets")
    return Float32Array.from(
      { length: latent.length * 2 },
      (_, j) => (j % 2 === 0 ? 1 : -0.5) * (latent[j >> 1] ?? 0),
    );
  return Float32Array.from(latent, (value) => Math.round(value * 5) / 5);
}
