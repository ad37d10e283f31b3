import { vectorsOf } from "../../data/browse.js";
import { ConfigError } from "../../core/errors.js";
import type { Split, SplitName } from "../../data/dataset.js";
import { loadDataset } from "../../data/formats/load-dataset.js";
import { doubtsOf } from "../../predict/doubts.js";
import type { Features } from "../../predict/feature-input.js";
import { Predictor } from "../../predict/predictor.js";

/** Survey of one split by one model. */
export interface SurveyRequest {
  /** Name of the model, for messages. */
  readonly name: string;
  /** Run folder or weight file. */
  readonly place: string;
  /** Path of the data set. */
  readonly data: string;
  readonly split: SplitName;
}

/** Uncertainty of a model about one sample. */
export interface SurveyedSample {
  /** Null if the model states none, or if the sample has no input that it reads. */
  readonly uncertainty: number | null;
  /** Modalities to doubt. */
  readonly doubted: readonly string[];
}

/** Number of samples that are scored together. */
const BATCH = 64;

/**
 * Scores all samples of a split, [N].
 * @throws ConfigError "config.conflict" for a model with a text encoder: its texts are not in the data set
 * @throws EuarError as `loadDataset`, `Predictor.load` and `predictBatch`
 */
export async function surveySplit({
  name,
  place,
  data,
  split,
}: SurveyRequest): Promise<readonly SurveyedSample[]> {
  const predictor = await Predictor.load(place);
  if (predictor.config.encoder)
    throw new ConfigError("config.conflict", `the model "${name}" reads texts with a pretrained encoder`, {
      hint: "Choose a model that reads features.",
    });
  const { splits } = await loadDataset(data);
  const read = splits[split];
  const samples: SurveyedSample[] = [];
  for (let from = 0; from < read.size; from += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, read.size - from) }, (_, i) => from + i);
    samples.push(...surveyRows(predictor, read, rows));
  }
  return samples;
}

function surveyRows(predictor: Predictor, split: Split, rows: readonly number[]): SurveyedSample[] {
  const names = predictor.modalities.map(({ name }) => name);
  const all = rows.map((row) => vectorsOf(split, row));
  const features = all.map((vectors): Features =>
    Object.fromEntries(names.map((name) => [name, vectors[name] ?? null])),
  );
  const isEmpty = (sample: Features): boolean => Object.values(sample).every((value) => value === null);
  const predictions = predictor
    .predictBatch(features.filter((sample) => !isEmpty(sample)))
    [Symbol.iterator]();
  return features.map((sample) => {
    const prediction = isEmpty(sample) ? undefined : predictions.next().value;
    if (!prediction) return { uncertainty: null, doubted: [] };
    return {
      uncertainty: prediction.uncertainty,
      doubted: doubtsOf(prediction).map(({ modality }) => modality),
    };
  });
}
