import { defined } from "../../core/defined.js";
import { randomKey } from "../../core/random.js";
import type {
  CorruptionTruth,
  Dataset,
  ModalityTable,
  RegressionTask,
  Split,
  SplitName,
} from "../dataset.js";
import { CLEAN_SHARE, corruptView, type SyntheticKind, syntheticKinds } from "./corrupt-view.js";
import { tellStory, type Story } from "./story.js";
import { drawView, VIEWS } from "./views.js";

/** Options of {@link generateSynthetic}. */
export interface SyntheticOptions {
  /** Default 1. */
  readonly seed?: number;
  /** Number of samples per split. Default: those of CMU-MOSI, 1284, 229 and 686. */
  readonly sizes?: Readonly<Record<SplitName, number>>;
  /** Generate only clean samples. Default false. */
  readonly cleanOnly?: boolean;
  /** Kind of corruption that occurs only in the test split. */
  readonly unseen?: SyntheticKind;
}

/** Generated data set with the hidden causes of its samples. */
export interface SyntheticData {
  readonly dataset: Dataset;
  /** Hidden causes of each sample. No model may see them. */
  readonly stories: Readonly<Record<SplitName, readonly Story[]>>;
}

/** Default number of samples of each split: the sizes of CMU-MOSI. */
export const SYNTHETIC_SIZES: Readonly<Record<SplitName, number>> = { train: 1284, valid: 229, test: 686 };

export const SYNTHETIC_TASK: RegressionTask = { kind: "regression", targets: ["sentiment"], range: [-3, 3] };

/**
 * Generates the embedded data set: three modalities with widths 768, 74 and 47, labels in [-3, 3], and a
 * known corruption for each clip and modality.
 *
 * The result depends only on the options. docs/synthetic.md describes the design and gives the numbers.
 */
export function generateSynthetic(options: SyntheticOptions = {}): SyntheticData {
  const seed = options.seed ?? 1;
  const sizes = options.sizes ?? SYNTHETIC_SIZES;
  const cleanOnly = options.cleanOnly ?? false;
  const tell = (name: SplitName): Story[] =>
    Array.from({ length: sizes[name] }, (_, n) => tellStory(seed, name, n));
  const stories = { train: tell("train"), valid: tell("valid"), test: tell("test") };
  const kindsOf = (name: SplitName): readonly SyntheticKind[] =>
    syntheticKinds.filter((kind) => !cleanOnly && (name === "test" || kind !== options.unseen));
  const split = (name: SplitName): Split => makeSplit(name, stories[name], seed, kindsOf(name));
  const dataset: Dataset = {
    name:
      `synthetic, seed ${seed}${cleanOnly ? ", clean" : ""}` +
      (options.unseen === undefined ? "" : `, ${options.unseen} unseen`),
    task: SYNTHETIC_TASK,
    modalities: VIEWS.map(({ name, width }) => ({ name, width, steps: 1 })),
    splits: { train: split("train"), valid: split("valid"), test: split("test") },
    notes: [
      `generated from seed ${seed}`,
      cleanOnly
        ? "no corruption"
        : `each modality of each clip is corrupted with probability ${(1 - CLEAN_SHARE).toFixed(2)}, ` +
          "independently",
      ...(options.unseen === undefined ? [] : [`no ${options.unseen} in the training and validation splits`]),
    ],
  };
  return { dataset, stories };
}

function makeSplit(
  name: SplitName,
  stories: readonly Story[],
  seed: number,
  kinds: readonly SyntheticKind[],
): Split {
  const modalities: Record<string, ModalityTable> = {};
  const corruption: Record<string, CorruptionTruth> = {};
  for (const design of VIEWS) {
    const { values: clean, units } = drawView(design, stories, seed, name);
    const { values, severity, kind } = corruptView(
      clean,
      design.width,
      randomKey(seed, `synthetic/corruption/${name}/${design.name}`),
      kinds,
    );
    for (let i = 0; i < values.length; i++) values[i] = defined(values[i]) * (units[i % design.width] ?? 1);
    const ones = new Uint8Array(stories.length).fill(1);
    modalities[design.name] = { width: design.width, steps: 1, values, mask: ones, present: ones.slice() };
    corruption[design.name] = { severity, kind };
  }
  return {
    name,
    size: stories.length,
    ids: stories.map((_, n) => `${name}-${n}`),
    modalities,
    labels: Float32Array.from(stories, ({ sentiment }) => sentiment),
    corruption,
  };
}
