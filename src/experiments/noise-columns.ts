import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { MediumKind } from "../features/adapter.js";
import { extractDataset } from "../features/extract/extract-dataset.js";
import type { ExtractRequest } from "../features/extract/extract-request.js";
import type { OpenExecutor } from "../features/extract/executor.js";
import { readSource } from "../features/extract/read-source.js";
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

interface NoiseSeries {
  readonly label: string;
  readonly kind: MediumKind;
  readonly preset: string;
}

const MEDIA_NOISE: readonly NoiseSeries[] = [
  { label: "salt and pepper", kind: "image", preset: "salt-and-pepper" },
  { label: "Gaussian", kind: "image", preset: "gaussian" },
  { label: "blanked words", kind: "text", preset: "blank" },
];
/** Values of epsilon of each noise. */
const EPSILONS = [5, 10] as const;

/** Column of the labels of posts. */
const LABEL = "label";

export interface MediaNoiseOptions {
  readonly mode: NoiseMode;
  readonly workers: number;
  readonly signal: AbortSignal;
  readonly openExecutor: OpenExecutor;
  /** Adapters by kind of medium. Default: the default adapters. */
  readonly adapters?: ExtractRequest["kindAdapters"];
  /** Receives the name of the current step and its progress, 0 to 1. */
  readonly onProgress: (label: string, share: number) => void;
}

/**
 * Extracts features of posts or scenes, clean and with noise on the pixels and words of the test split.
 * Reuses existing results. Each image of a sample gets its own noise.
 * @param input folder of posts, or of RGB-D scenes
 * @param folder folder to write the data sets to
 * @returns the clean data set, and one column per noise
 */
export async function extractNoisy(
  input: string,
  folder: string,
  { mode, workers, signal, openExecutor, onProgress, adapters }: MediaNoiseOptions,
): Promise<{ readonly source: string; readonly columns: readonly NoiseColumn[] }> {
  mkdirSync(folder, { recursive: true });
  const make = async (name: string, label: string, specification: string | undefined): Promise<string> => {
    const noise =
      specification === undefined ? undefined : ({ specification, splits: ["test"], seed: 1 } as const);
    const out = join(folder, name);
    const plain = {
      adapters: {},
      kindAdapters: adapters,
      align: "uniform",
      steps: 50,
      pool: "none",
      fps: 5,
      label: LABEL,
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
  const { modalities, gaussianInLevels } = readSource(input, { label: LABEL, seed: 1 });
  const source = await make("clean", "without noise", undefined);
  const columns: NoiseColumn[] = [cleanColumn];
  for (const { label, kind, preset } of MEDIA_NOISE) {
    const names = modalities.filter((modality) => modality.kind === kind).map(({ name }) => name);
    const isInLevels = mode === "exact" && preset === "gaussian" && gaussianInLevels === true;
    const variant = `${preset}/${mode}${isInLevels ? "-levels" : ""}`;
    for (const epsilon of names.length === 0 ? [] : EPSILONS) {
      const specification = names.map((name) => `${name}=${variant}:${epsilon}`).join(",");
      const title = `${label}, \u03b5 = ${epsilon}`;
      const noisy = await make(specification.replace(/[^\w-]+/g, "-"), title, specification);
      columns.push({
        label: title,
        condition: { label: specification, source: noisy },
        series: { label, amount: epsilon },
      });
    }
  }
  return { source, columns };
}
