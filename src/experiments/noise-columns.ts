import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { extractDataset } from "../features/extract/extract-dataset.js";
import type { ExtractRequest } from "../features/extract/extract-request.js";
import type { OpenExecutor } from "../features/extract/executor.js";
import { parseMediaNoise } from "../features/extract/media-noise.js";
import { usualModalities } from "../features/readable-modalities.js";
import type { NoiseColumn } from "./plan.js";

/**
 * Kind of noise on media. "exact": as published, including its quirks. "clean": independent noise per sample.
 */
export type NoiseMode = "exact" | "clean";

/** Column without noise. */
export const cleanColumn: NoiseColumn = { label: "clean", condition: { label: "clean" } };

/**
 * Noise on features, for data sets of features: Gaussian noise in standard deviations of the training data,
 * and lost features.
 */
export const featureNoise: readonly NoiseColumn[] = [
  cleanColumn,
  ...[0.5, 1, 2].map((amount): NoiseColumn => ({
    label: `Gaussian ${amount}`,
    condition: { label: `gaussian:${amount}`, noise: `gaussian:${amount}` },
  })),
  ...[0.3, 0.6].map((share): NoiseColumn => ({
    label: `dropout ${share}`,
    condition: { label: `dropout:${share}`, noise: `dropout:${share}` },
  })),
];

const MEDIA_NOISE = [
  { label: "salt and pepper, ε = 5", series: "salt and pepper", part: "image=salt-and-pepper", epsilon: 5 },
  { label: "salt and pepper, ε = 10", series: "salt and pepper", part: "image=salt-and-pepper", epsilon: 10 },
  { label: "Gaussian, ε = 5", series: "Gaussian", part: "image=gaussian", epsilon: 5 },
  { label: "Gaussian, ε = 10", series: "Gaussian", part: "image=gaussian", epsilon: 10 },
  { label: "blanked words, ε = 5", series: "blanked words", part: "text=blank", epsilon: 5 },
  { label: "blanked words, ε = 10", series: "blanked words", part: "text=blank", epsilon: 10 },
] as const;

export interface MediaNoiseOptions {
  readonly mode: NoiseMode;
  readonly workers: number;
  readonly signal: AbortSignal;
  readonly openExecutor: OpenExecutor;
  /** Receives the name of the current step and its progress, 0 to 1. */
  readonly onProgress: (label: string, share: number) => void;
}

/**
 * Extracts features of posts, clean and with noise on the pixels and words of the test split. Reuses existing
 * results.
 * @param input folder of posts
 * @param folder folder to write the data sets to
 * @returns the clean data set, and one column per noise
 */
export async function extractNoisy(
  input: string,
  folder: string,
  { mode, workers, signal, openExecutor, onProgress }: MediaNoiseOptions,
): Promise<{ readonly source: string; readonly columns: readonly NoiseColumn[] }> {
  mkdirSync(folder, { recursive: true });
  const make = async (name: string, label: string, specification: string | undefined): Promise<string> => {
    const noise =
      specification === undefined
        ? undefined
        : ({
            specification,
            splits: ["test"],
            noise: parseMediaNoise(specification, 1, usualModalities("text", "image")),
          } as const);
    const out = join(folder, name);
    const plain = {
      adapters: {},
      align: "uniform",
      steps: 50,
      pool: "none",
      fps: 5,
      label: "label",
      seed: 1,
      overwrite: false,
    } as const;
    const request: ExtractRequest = { ...plain, input, out, workers, cache: join(folder, ".cache"), noise };
    await extractDataset(request, {
      signal,
      openExecutor,
      onProgress: (done, total) => {
        onProgress(label, done / total);
      },
    });
    return out;
  };
  const source = await make("clean", "clean posts", undefined);
  const columns: NoiseColumn[] = [cleanColumn];
  for (const { label, part, epsilon, series } of MEDIA_NOISE) {
    const specification = `${part}/${mode}:${epsilon}`;
    const noisy = await make(specification.replace(/[^\w-]+/g, "-"), label, specification);
    columns.push({
      label,
      condition: { label: specification, source: noisy },
      series: { label: series, amount: epsilon },
    });
  }
  return { source, columns };
}
