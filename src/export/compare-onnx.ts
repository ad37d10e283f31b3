import { defined } from "../core/defined.js";
import type { InferenceSession, Tensor } from "onnxruntime-web";
import type { Batch } from "../data/batch.js";
import { Tape } from "../tensor/tape.js";
import type { Predictor } from "../predict/predictor.js";
import type { OnnxExport } from "./export-onnx.js";
import { normalisedBatch } from "./probe-batch.js";

/** Part of onnxruntime-web that a comparison needs. */
export interface OnnxRuntime {
  readonly InferenceSession: typeof InferenceSession;
  readonly Tensor: typeof Tensor;
}

/** Outputs by their names in the exported model. */
export type OnnxOutputs = Readonly<Record<string, Float32Array | Int32Array>>;

export interface OnnxComparison {
  /**
   * Largest difference of any output value, divided by max(1, |value|) of this library. Infinite if only one
   * of the two values is NaN.
   */
  readonly difference: number;
  /** Names of the compared outputs. */
  readonly compared: readonly string[];
}

/**
 * Runs an exported model in onnxruntime and the original here, on the same batches.
 * @param batches features before normalisation
 */
export async function compareOnnx(
  predictor: Predictor,
  exported: OnnxExport,
  batches: readonly Batch[],
  runtime: OnnxRuntime,
): Promise<OnnxComparison> {
  const session = await runtime.InferenceSession.create(exported.bytes);
  try {
    let difference = 0;
    let compared: readonly string[] = [];
    for (const batch of batches) {
      const theirs = await run(session, exported, batch, runtime);
      const ours = ownOutputs(predictor, exported, batch);
      compared = Object.keys(ours);
      difference = Math.max(difference, largestDifference(ours, theirs));
    }
    return { difference, compared };
  } finally {
    await session.release();
  }
}

async function run(
  session: InferenceSession,
  { inputs, names }: OnnxExport,
  batch: Batch,
  runtime: OnnxRuntime,
): Promise<OnnxOutputs> {
  const feeds: Record<string, Tensor> = {};
  for (const [name, { values, mask, present, steps, width }] of Object.entries(batch.modalities)) {
    const id = names[name] ?? "";
    const sequence = inputs.some((input) => input.name === `mask_${id}`);
    const isTokens = inputs.some((input) => input.name === id && input.type === "int64");
    feeds[id] = isTokens
      ? new runtime.Tensor("int64", BigInt64Array.from(values, tokenOf), [batch.size, steps])
      : new runtime.Tensor("float32", values, sequence ? [batch.size, steps, width] : [batch.size, width]);
    feeds[`present_${id}`] = new runtime.Tensor("float32", Float32Array.from(present), [batch.size]);
    if (sequence)
      feeds[`mask_${id}`] = new runtime.Tensor("float32", Float32Array.from(mask), [batch.size, steps]);
  }
  const results = await session.run(feeds);
  const known = Object.entries(results).map(
    ([name, { data }]) =>
      [
        name,
        data instanceof Float32Array || data instanceof Int32Array ? data : new Float32Array(0),
      ] as const,
  );
  return Object.fromEntries(known);
}

/** Converts a token id. Padding of a probe may hold any number. */
function tokenOf(value: number): bigint {
  return BigInt(Math.trunc(value));
}

function ownOutputs(
  predictor: Predictor,
  { names, outputs: declared }: OnnxExport,
  batch: Batch,
): OnnxOutputs {
  const { backend } = predictor.network.parameters;
  const result = predictor.network.forward(new Tape(backend, false), normalisedBatch(batch, predictor), {
    training: false,
    seed: 0,
    step: 0,
  });
  const outputs: Record<string, Float32Array | Int32Array> = {
    prediction: Float32Array.from(result.prediction.buffer.view),
  };
  backend.endStep();
  for (const [modality, { uncertainty, contribution, experts, gates, sigma2 }] of Object.entries(
    result.diagnostics,
  )) {
    // A model without uncertainties reports NaN for all of them, and has no output for them.
    const stated = declared.some(({ name }) => name === `uncertainty_${names[modality] ?? ""}`);
    const certain = { ...(stated && { uncertainty }), ...(experts && { experts, gates, sigma2 }) };
    for (const [kind, values] of Object.entries({ contribution, ...certain }))
      if (values) outputs[`${kind}_${names[modality] ?? ""}`] = values;
  }
  return outputs;
}

/** Computes {@link OnnxComparison.difference}. A missing output, or one of another length, gives Infinity. */
export function largestDifference(ours: OnnxOutputs, theirs: OnnxOutputs): number {
  let largest = 0;
  for (const [name, values] of Object.entries(ours)) {
    const others = theirs[name];
    if (others?.length !== values.length) return Infinity;
    values.forEach((value, i) => {
      const other = defined(others[i]);
      if (Number.isNaN(value) && Number.isNaN(other)) return;
      const off = Math.abs(value - other) / Math.max(1, Math.abs(value));
      largest = Number.isNaN(off) ? Infinity : Math.max(largest, off);
    });
  }
  return largest;
}
