import { assembleBatch } from "../data/assemble-batch.js";
import type { Split } from "../data/dataset.js";
import { outputsOf } from "../data/dataset.js";
import type { Model, ModalityDiagnostics } from "../models/model.js";
import { Tape } from "../tensor/tape.js";

/** Outputs of a model for a complete split. */
export interface SplitOutputs {
  readonly size: number;
  /** [N, outputs] */
  readonly prediction: Float32Array;
  /** Sample-weighted mean of the task loss. */
  readonly taskLoss: number;
  /**
   * [N, outputs] standard deviations under the model's Gaussians, if requested and the model has Gaussians.
   */
  readonly spread?: Float32Array;
  /** [N] expected errors, if the model has a head for them. */
  readonly expectedError?: Float32Array;
  /** [N, J] joint features, if requested and the model has them. */
  readonly joint?: Float32Array;
  /** By modality, over all N samples. */
  readonly diagnostics: Readonly<Record<string, ModalityDiagnostics>>;
}

const EVALUATION_BATCH = 256;

export interface ForwardSplitOptions {
  readonly batchSize?: number;
  /** Compute `spread`. Default false. */
  readonly spread?: boolean;
  /** Compute `joint`. Default false. */
  readonly joint?: boolean;
}

/**
 * Runs the model on a normalised split in batches, without gradients. The batch size does not change any bit
 * of the result.
 */
export function forwardSplit(
  model: Model,
  split: Split,
  seed: number,
  options: ForwardSplitOptions = {},
): SplitOutputs {
  const { batchSize = model.evaluationBatch ?? EVALUATION_BATCH, spread = false, joint = false } = options;
  const { backend } = model.parameters;
  const outputs = outputsOf(model.signature.task);
  const prediction = new Float32Array(split.size * outputs);
  const spreads: Float32Array[] = [];
  const errors: Float32Array[] = [];
  const joints: Float32Array[] = [];
  const collected = new Map<string, ModalityDiagnostics[]>();
  let lossSum = 0;
  for (let start = 0; start < split.size; start += batchSize) {
    const rows = Int32Array.from({ length: Math.min(batchSize, split.size - start) }, (_, i) => start + i);
    const batch = assembleBatch(split, rows);
    const result = model.forward(new Tape(backend, false), batch, {
      training: false,
      seed,
      step: 0,
      spread,
      joint,
    });
    prediction.set(result.prediction.buffer.view.subarray(0, rows.length * outputs), start * outputs);
    if (result.spread) spreads.push(result.spread);
    if (result.expectedError) errors.push(result.expectedError);
    if (result.joint) joints.push(result.joint);
    lossSum += (result.losses?.parts["task"]?.item() ?? NaN) * rows.length;
    for (const [name, diagnostics] of Object.entries(result.diagnostics)) {
      const list = collected.get(name) ?? [];
      list.push(diagnostics);
      collected.set(name, list);
    }
    backend.endStep();
  }
  const diagnostics = [...collected].map(([name, parts]) => [name, joinDiagnostics(parts)] as const);
  const [spreadOfAll, expectedError, jointOfAll] = [spreads, errors, joints].map((parts) =>
    parts.length > 0 ? joinFloats(parts) : undefined,
  );
  return {
    size: split.size,
    prediction,
    taskLoss: lossSum / split.size,
    diagnostics: Object.fromEntries(diagnostics),
    ...(spreadOfAll && { spread: spreadOfAll }),
    ...(expectedError && { expectedError }),
    ...(jointOfAll && { joint: jointOfAll }),
  };
}

/** Joins the diagnostics of consecutive batches. */
function joinDiagnostics(parts: readonly ModalityDiagnostics[]): ModalityDiagnostics {
  const contribution = joinFloats(parts.map((part) => part.contribution));
  const experts = joinIntegers(parts.map((part) => part.experts));
  const gates = joinFloats(parts.map((part) => part.gates));
  const sigma2 = joinFloats(parts.map((part) => part.sigma2));
  return {
    uncertainty: joinFloats(parts.map((part) => part.uncertainty)) ?? new Float32Array(0),
    ...(contribution && { contribution }),
    ...(experts && { experts }),
    ...(gates && { gates }),
    ...(sigma2 && { sigma2 }),
  };
}

function joinFloats(parts: readonly (Float32Array | undefined)[]): Float32Array | undefined {
  const known = parts.filter((part) => part !== undefined);
  if (known.length < parts.length) return undefined;
  const out = new Float32Array(known.reduce((sum, part) => sum + part.length, 0));
  place(known, out);
  return out;
}

function joinIntegers(parts: readonly (Int32Array | undefined)[]): Int32Array | undefined {
  const known = parts.filter((part) => part !== undefined);
  if (known.length < parts.length) return undefined;
  const out = new Int32Array(known.reduce((sum, part) => sum + part.length, 0));
  place(known, out);
  return out;
}

function place(parts: readonly ArrayLike<number>[], out: Float32Array | Int32Array): void {
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
}
