import { type Corruption, corruptSplit, generateSynthetic, normaliseSplit, type Split } from "euar/data";
import { DataError, type Features, type Predictor } from "euar/predict";
import { defined } from "../../../src/core/defined.js";
import { doubtsOf } from "../../../src/predict/doubts.js";
import { verdictOf } from "../../../src/predict/verdict.js";
import type { SampleAnswer, ShownFeatures, ShownSample } from "./protocol.js";

/** The same noise for each severity, so that a slider changes the strength only. */
const SEED = 1;

/** Scores samples of the embedded data set, with the same corruption as an evaluation. */
export class SampleScorer {
  private test: Split | undefined;

  constructor(private readonly predictor: Predictor) {}

  /**
   * Scores one sample of the test split.
   * @param damage corruption by modality
   * @param off modalities that the model may not use
   */
  score(index: number, damage: Readonly<Record<string, Corruption>>, off: readonly string[]): SampleAnswer {
    const start = performance.now();
    const { normaliser } = this.predictor;
    const one = onlySample(this.split(), index);
    const corrupted = corruptSplit(one, Object.values(damage), { seed: SEED, normaliser });
    const features = featuresOf(corrupted, off);
    if (Object.values(features).every((value) => value === null))
      throw new DataError("data.empty", "every input of this sample is switched off", {
        hint: "Switch one on.",
      });
    const prepared = performance.now();
    const prediction = this.predictor.predict(features);
    const doubted = doubtsOf(prediction);
    const modalities = Object.entries(prediction.modalities).map(
      ([name, modality]) => [name, { ...modality, given: modality.present, quality: null }] as const,
    );
    return {
      prediction: {
        ...prediction,
        modalities: Object.fromEntries(modalities),
        doubted,
        verdict: verdictOf(prediction, doubted),
        seconds: { features: (prepared - start) / 1000, model: (performance.now() - prepared) / 1000 },
      },
      sample: describe(one),
      features: shown(normaliseSplit(corrupted, normaliser)),
    };
  }

  private split(): Split {
    const { sizes, name } = this.predictor.config.data;
    const seed = Number(/seed (\d+)/u.exec(name)?.[1] ?? 1);
    this.test ??= generateSynthetic({ seed, sizes: { ...sizes } }).dataset.splits.test;
    return this.test;
  }
}

function onlySample(split: Split, index: number): Split {
  const modalities = Object.entries(split.modalities).map(
    ([name, { width, steps, values, mask, present }]) => [
      name,
      {
        width,
        steps,
        values: values.slice(index * steps * width, (index + 1) * steps * width),
        mask: mask.slice(index * steps, (index + 1) * steps),
        present: present.slice(index, index + 1),
      },
    ],
  );
  const corruption = Object.entries(split.corruption ?? {}).map(([name, { severity, kind }]) => [
    name,
    { severity: severity.slice(index, index + 1), kind: kind.slice(index, index + 1) },
  ]);
  const targets = split.labels.length / split.size;
  return {
    name: split.name,
    size: 1,
    ids: split.ids.slice(index, index + 1),
    modalities: Object.fromEntries(modalities) as Split["modalities"],
    labels: split.labels.slice(index * targets, (index + 1) * targets),
    corruption: Object.fromEntries(corruption) as NonNullable<Split["corruption"]>,
  };
}

function featuresOf(split: Split, off: readonly string[]): Features {
  const features = Object.entries(split.modalities).map(([name, { width, values, mask, present }]) => {
    if (off.includes(name) || present[0] !== 1) return [name, null];
    const steps = [...mask.keys()].filter((step) => mask[step] === 1);
    return [name, steps.map((step) => values.subarray(step * width, (step + 1) * width))];
  });
  return Object.fromEntries(features) as Features;
}

function describe({ ids, labels, corruption = {} }: Split): ShownSample {
  const truths = Object.entries(corruption).map(([name, { kind, severity }]) => [
    name,
    { kind: kind[0] ?? "clean", severity: defined(severity[0]) },
  ]);
  return {
    id: defined(ids[0]),
    label: defined(labels[0]),
    corruption: Object.fromEntries(truths) as ShownSample["corruption"],
  };
}

function shown(split: Split): Record<string, ShownFeatures> {
  return Object.fromEntries(
    Object.entries(split.modalities).map(([name, { width, steps, values }]) => [
      name,
      { width, steps, values },
    ]),
  );
}
