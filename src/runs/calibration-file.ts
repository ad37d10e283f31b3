import { defined } from "../core/defined.js";
import { CheckpointError } from "../core/errors.js";
import { type MultiLabelTask, outputsOf, type Task } from "../data/dataset.js";
import { type Calibration, type MultiLabelCalibration, QUANTILE_STEPS } from "./stored-calibration.js";
import type { StoredTensor } from "./safetensors.js";

/** Prefix of a calibration's tensor names in a weight file. */
export const CALIBRATION = "calibration:";

const SCORES = `${CALIBRATION}scores`;
/**
 * Separate name, because earlier versions stored scores of another kind of set under `calibration:scores`.
 */
const CLASS_SCORES = `${CALIBRATION}class-scores`;
const FLOORS = `${CALIBRATION}floors`;
const TEMPERATURE = `${CALIBRATION}temperature`;
const THRESHOLDS = `${CALIBRATION}thresholds`;
const SAMPLES = `${CALIBRATION}samples`;
const UNCERTAINTY = `${CALIBRATION}uncertainty/`;
const UNCERTAINTY_SAMPLES = `${CALIBRATION}uncertainty-samples/`;

/**
 * Returns the tensors of a calibration.
 *
 * - Regression: `calibration:scores` [targets, N] ascending and `calibration:floors` [targets].
 * - Classification: `calibration:class-scores` [1, N] and `calibration:temperature` [1].
 * - Multi-label: `calibration:thresholds` [L] and `calibration:samples` [1].
 * - Always: `calibration:uncertainty/<modality>` [101] for each modality with uncertainties, and
 *   `calibration:uncertainty-samples/<modality>` [1] for each of them that not all samples have.
 */
export function calibrationTensors({
  outputs,
  uncertainty,
  uncertaintySamples = {},
}: Calibration): [string, StoredTensor][] {
  const vector = (values: Float64Array): StoredTensor => ({ shape: [values.length], values });
  const tables = [
    ...Object.entries(uncertainty).map(([name, table]) => [UNCERTAINTY + name, table] as const),
    ...Object.entries(uncertaintySamples).map(
      ([name, samples]) => [UNCERTAINTY_SAMPLES + name, Float64Array.of(samples)] as const,
    ),
  ].map(([name, values]): [string, StoredTensor] => [name, vector(values)]);
  if (outputs.kind === "classification") {
    return [
      [CLASS_SCORES, { shape: [1, outputs.scores.length], values: outputs.scores }],
      [TEMPERATURE, vector(Float64Array.of(outputs.temperature))],
      ...tables,
    ];
  }
  if (outputs.kind === "multi-label") {
    return [
      [THRESHOLDS, vector(outputs.thresholds)],
      [SAMPLES, vector(Float64Array.of(outputs.samples))],
      ...tables,
    ];
  }
  const samples = outputs.targets[0]?.scores.length ?? 0;
  const scores = new Float64Array(outputs.targets.length * samples);
  outputs.targets.forEach((target, t) => {
    scores.set(target.scores, t * samples);
  });
  return [
    [SCORES, { shape: [outputs.targets.length, samples], values: scores }],
    [FLOORS, vector(Float64Array.from(outputs.targets, ({ floor }) => floor))],
    ...tables,
  ];
}

/**
 * Reads the calibration from the tensors of a weight file. Returns undefined for an old file without one.
 *
 * @throws CheckpointError "checkpoint.format" for invalid values
 */
export function calibrationOf(
  tensors: ReadonlyMap<string, StoredTensor>,
  task: Task,
  modalities: readonly string[],
  what: string,
): Calibration | undefined {
  const name = { regression: SCORES, classification: CLASS_SCORES, "multi-label": THRESHOLDS }[task.kind];
  const stored = tensors.get(name);
  if (!stored) return undefined;
  const uncertainty = {
    uncertainty: uncertaintyTables(tensors, modalities, what),
    ...uncertaintySamplesIn(tensors, modalities, what),
  };
  if (task.kind === "multi-label") return { outputs: thresholdsIn(tensors, task, what), ...uncertainty };
  const scores = floats(stored, name, what);
  const rows = task.kind === "classification" ? 1 : outputsOf(task);
  const samples = scores.length / rows;
  if (!Number.isInteger(samples))
    fail(what, `its ${scores.length} scores cannot be split evenly between ${rows} outputs`);
  const split = Array.from({ length: rows }, (_, row) =>
    ascending(scores.slice(row * samples, (row + 1) * samples), name, what),
  );
  if (task.kind === "classification") {
    const [temperature = NaN] = positive(1, tensors.get(TEMPERATURE), TEMPERATURE, what);
    return {
      outputs: { kind: "classification", temperature, scores: split[0] ?? new Float64Array(0) },
      ...uncertainty,
    };
  }
  const floors = positive(rows, tensors.get(FLOORS), FLOORS, what);
  return {
    outputs: {
      kind: "regression",
      targets: split.map((scoresOfTarget, t) => ({ floor: defined(floors[t]), scores: scoresOfTarget })),
    },
    ...uncertainty,
  };
}

function thresholdsIn(
  tensors: ReadonlyMap<string, StoredTensor>,
  { labels }: MultiLabelTask,
  what: string,
): MultiLabelCalibration {
  const thresholds = positive(labels.length, tensors.get(THRESHOLDS), THRESHOLDS, what);
  if (!thresholds.every((threshold) => threshold < 1)) fail(what, `"${THRESHOLDS}" must be below 1`);
  const [samples = NaN] = exactly(1, floats(tensors.get(SAMPLES), SAMPLES, what), SAMPLES, what);
  return { kind: "multi-label", thresholds, samples };
}

function uncertaintyTables(
  tensors: ReadonlyMap<string, StoredTensor>,
  modalities: readonly string[],
  what: string,
): Record<string, Float64Array> {
  const tables = modalities.flatMap((name) => {
    const table = tensors.get(`${UNCERTAINTY}${name}`);
    return table
      ? [
          [
            name,
            ascending(
              exactly(QUANTILE_STEPS + 1, floats(table, UNCERTAINTY + name, what), UNCERTAINTY + name, what),
              UNCERTAINTY + name,
              what,
            ),
          ] as const,
        ]
      : [];
  });
  return Object.fromEntries(tables);
}

function uncertaintySamplesIn(
  tensors: ReadonlyMap<string, StoredTensor>,
  modalities: readonly string[],
  what: string,
): Pick<Calibration, "uncertaintySamples"> {
  const counts = modalities.flatMap((name) => {
    const stored = tensors.get(UNCERTAINTY_SAMPLES + name);
    if (!stored) return [];
    const [count = NaN] = positive(1, stored, UNCERTAINTY_SAMPLES + name, what);
    return [[name, count] as const];
  });
  return counts.length > 0 ? { uncertaintySamples: Object.fromEntries(counts) } : {};
}

function floats(tensor: StoredTensor | undefined, name: string, what: string): Float64Array {
  const values = tensor?.values;
  if (!(values instanceof Float64Array) || !values.every((value) => Number.isFinite(value) && value >= 0))
    fail(what, `"${name}" is not a list of finite numbers of at least 0`);
  return values;
}

function exactly(length: number, values: Float64Array, name: string, what: string): Float64Array {
  if (values.length !== length) fail(what, `"${name}" has ${values.length} values, expected ${length}`);
  return values;
}

function positive(
  length: number,
  tensor: StoredTensor | undefined,
  name: string,
  what: string,
): Float64Array {
  const values = exactly(length, floats(tensor, name, what), name, what);
  if (!values.every((value) => value > 0)) fail(what, `"${name}" must be positive`);
  return values;
}

function ascending(values: Float64Array, name: string, what: string): Float64Array {
  if (!values.every((value, i) => i === 0 || value >= defined(values[i - 1])))
    fail(what, `"${name}" is not in ascending order`);
  return values;
}

function fail(what: string, reason: string): never {
  throw new CheckpointError("checkpoint.format", `${what}: its calibration cannot be used: ${reason}`, {
    hint: "The file is damaged or was changed by hand; use the original, or train again.",
  });
}
