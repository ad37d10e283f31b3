import { normalAt, randomKey } from "../../core/random.js";
import type { ModalityInfo, Split, Task } from "../../data/dataset.js";
import type { FeatureStatistics, Normaliser, NormaliserKind } from "../../data/normaliser.js";
import { createModel, resolveModelConfig } from "../../models/registry.js";
import { createBackend } from "../../predict/create-backend.js";
import { Predictor } from "../../predict/predictor.js";
import { RUN_FORMAT } from "../../runs/results.js";
import { resolveTrainConfig } from "../../train/resolve-train-config.js";

export interface RandomModel {
  readonly model?: "euar" | "linear" | "ridge";
  readonly preset?: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly task?: Task;
  readonly modalities: readonly ModalityInfo[];
  /** True to fit the model's statistics of the training inputs, from random inputs. */
  readonly fitted?: boolean;
  readonly normaliser?: {
    readonly kind?: NormaliserKind;
    readonly clip?: number;
    readonly kept?: readonly string[];
  };
  /** Value added to the mean of every feature. Default 0. */
  readonly level?: number;
  /** Factor of every mean and standard deviation. Default 1. */
  readonly unit?: number;
}

/**
 * Makes a model as if it had been trained: every weight, bias and gain is random, and the feature statistics
 * are far from 0 and 1.
 */
export async function randomModel({
  model = "euar",
  preset,
  options = {},
  task,
  modalities,
  normaliser,
  fitted = false,
  level = 0,
  unit = 1,
}: RandomModel): Promise<Predictor> {
  const config = resolveModelConfig(model, options, preset);
  const signature = {
    task: task ?? { kind: "regression" as const, targets: ["sentiment"], range: [-3, 3] as const },
    modalities,
  };
  const network = createModel(model, signature, config, await createBackend("wasm"), 7);
  for (const { name, buffer } of network.parameters.all()) {
    // drawn from the seed; fitted to data
    if (name.endsWith("/weight") || name.includes("/fitted/")) continue;
    const key = randomKey(11, name);
    for (let i = 0; i < buffer.view.length; i++)
      buffer.view[i] = Math.fround((buffer.view[i] ?? 0) + 0.3 * normalAt(key, i));
  }
  if (fitted) network.fitStatistics?.(ordinarySplit(modalities));
  const statistics = modalities.map(
    ({ name, width }) => [name, randomStatistics(name, width, level, unit)] as const,
  );
  const scaling: Normaliser = {
    kind: "zscore",
    clip: 10,
    length: 1.5,
    kept: [],
    ...normaliser,
    modalities: Object.fromEntries(statistics),
  };
  const sizes = { train: 20, valid: 10, test: 10 };
  const data = { name: "random", ...signature, sizes, fingerprint: "0" };
  return Predictor.fromParts({
    config: {
      format: RUN_FORMAT,
      package: { name: "euar", version: "0" },
      model: { name: model, config },
      train: resolveTrainConfig({}),
      backend: "wasm",
      data,
    },
    hash: "0",
    network,
    normaliser: scaling,
    calibration: undefined,
  });
}

/** Draws sequences of one step from a standard normal distribution. */
function ordinarySplit(modalities: readonly ModalityInfo[]): Split {
  const size = 60;
  const ones = new Uint8Array(size).fill(1);
  const tables = modalities.map(({ name, width }) => {
    const key = randomKey(23, name);
    return [
      name,
      {
        width,
        steps: 1,
        values: Float32Array.from({ length: size * width }, (_, i) => normalAt(key, i)),
        mask: ones,
        present: ones,
      },
    ] as const;
  });
  return {
    name: "train",
    size,
    ids: [],
    modalities: Object.fromEntries(tables),
    labels: new Float32Array(size),
  };
}

function randomStatistics(name: string, width: number, level: number, unit: number): FeatureStatistics {
  const key = randomKey(13, name);
  const values = Array.from({ length: width }, (_, d) => d);
  return {
    mean: values.map((d) => unit * (level + 20 * normalAt(key, d))),
    std: values.map((d) => unit * (0.2 + Math.abs(normalAt(key, width + d)))),
  };
}
