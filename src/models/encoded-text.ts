import { checkArguments, must, rules, TEXT } from "../core/checked-call.js";
import { ConfigError } from "../core/errors.js";
import { assembleBatch } from "../data/assemble-batch.js";
import type { Batch, BatchModality } from "../data/batch.js";
import type { ModalityTable, Split } from "../data/dataset.js";
import type { EncoderShape } from "../encoders/encoder-config.js";
import { TextEncoder } from "../encoders/text-encoder.js";
import type { SampleDraws } from "../nn/sample-draws.js";
import { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";
import type { DataSignature, ForwardContext, ForwardResult, Model } from "./model.js";
import { SIGNATURE } from "./signature-check.js";

/**
 * Batch size outside training. It is small, because the states of all layers are in memory until the batch
 * ends.
 */
const EVALUATION_BATCH = 32;

/** Returns the signature of the inner model, which has the encoder's vector in place of the token ids. */
export function encodedSignature(
  { task, modalities }: DataSignature,
  modality: string,
  { hidden }: Pick<EncoderShape, "hidden">,
): DataSignature {
  return {
    task,
    modalities: modalities.map((info) =>
      info.name === modality ? { name: modality, width: hidden, steps: 1 } : info,
    ),
  };
}

const ENCODER = must({ expected: "a text encoder", holds: (value) => value instanceof TextEncoder });
const CREATE = must(rules.call);

/**
 * Creates a model with a text encoder in front of an inner model. In the data, the text modality has token
 * ids as its only feature. The inner model reads the encoder's vector instead, and its gradient trains the
 * encoder.
 * @param signature signature of the data, with token ids
 * @param modality modality with token ids
 * @param create builds the model on the encoded text
 * @throws ConfigError for a model with a closed form together with an encoder that trains
 */
export function createEncodedModel(
  signature: DataSignature,
  modality: string,
  encoder: TextEncoder,
  create: (encoded: DataSignature) => Model,
): Model {
  const values = [signature, modality, encoder, create];
  checkArguments("createEncodedModel", values, [SIGNATURE, TEXT, ENCODER, CREATE]);
  const inner = create(encodedSignature(signature, modality, encoder.shape));
  const { solve, parameters, fitStatistics } = inner;
  if (solve && !encoder.isFrozen)
    throw new ConfigError(
      "config.conflict",
      `the model ${inner.name} is solved in closed form, which cannot train a text encoder`,
      { hint: "Freeze the encoder (--text-train 0), or choose another model." },
    );
  parameters.adopt(encoder.parameters);

  function forward(tape: Tape, batch: Batch, context: ForwardContext): ForwardResult {
    const tokens = batch.modalities[modality];
    if (!tokens) return inner.forward(tape, batch, context);
    const draws = { ...context, sampleIndex: batch.sampleIndex };
    const vectors = encoder.forward(tape, idsOf(tokens), draws); // [B, H]
    const encoded = encodedModality(tokens, vectors);
    const modalities = { ...batch.modalities, [modality]: encoded };
    return inner.forward(
      tape,
      { ...batch, modalities },
      { ...context, encoded: new Map([[modality, vectors]]) },
    );
  }

  const encodeSplit = (split: Split): Split => encodedSplit(split, modality, encoder);
  // with a closed form the encoder is frozen, so its vectors do not change
  const frozen = new WeakMap<Split, Split>();
  const encodeOnce = (split: Split): Split => {
    const encoded = frozen.get(split) ?? encodeSplit(split);
    frozen.set(split, encoded);
    return encoded;
  };
  return {
    name: inner.name,
    signature,
    parameters,
    outputBias: inner.outputBias,
    evaluationBatch: EVALUATION_BATCH,
    constants: encoder.stack.weights
      .all()
      .flatMap(([, { parameter, trained }]) => (trained ? [] : [parameter])),
    ...(fitStatistics && {
      fitStatistics: (train: Split): void => {
        fitStatistics(encodeSplit(train));
      },
    }),
    ...(solve && {
      solve: (train: Split, epoch: number, improved?: readonly boolean[]) =>
        solve.call(inner, encodeOnce(train), epoch, improved),
    }),
    forward,
  };
}

/** Returns the ids of each sample's real tokens; none for a sample without the modality. */
function idsOf({ steps, values, mask, present }: BatchModality): Int32Array[] {
  return Array.from(present, (flag, b) => {
    if (flag === 0) return new Int32Array(0);
    const own = values.subarray(b * steps, (b + 1) * steps);
    return Int32Array.from(own.filter((_, t) => mask[b * steps + t] === 1));
  });
}

/** Replaces the tokens of a batch by vectors. */
function encodedModality({ mask, present, steps, quality }: BatchModality, vectors: Tensor): BatchModality {
  const has = Uint8Array.from(present, (flag, b) =>
    flag === 1 && mask.subarray(b * steps, (b + 1) * steps).includes(1) ? 1 : 0,
  );
  const values = Float32Array.from(vectors.buffer.view.subarray(0, vectors.size));
  return {
    width: vectors.extent(1),
    steps: 1,
    values,
    mask: has,
    present: has,
    ...(quality && { quality }),
  };
}

/** Returns the split that the inner model reads, with the encoder's current vectors. */
function encodedSplit(split: Split, modality: string, encoder: TextEncoder): Split {
  const { hidden } = encoder.shape;
  const { backend } = encoder.parameters;
  const values = new Float32Array(split.size * hidden);
  const present = new Uint8Array(split.size);
  for (let start = 0; start < split.size; start += EVALUATION_BATCH) {
    const rows = Int32Array.from(
      { length: Math.min(EVALUATION_BATCH, split.size - start) },
      (_, i) => start + i,
    );
    const tokens = assembleBatch(split, rows, { modalities: [modality], labels: false }).modalities[modality];
    if (!tokens) continue;
    const draws: SampleDraws = { training: false, seed: 0, step: 0, sampleIndex: rows };
    const part = encodedModality(tokens, encoder.forward(new Tape(backend, false), idsOf(tokens), draws));
    values.set(part.values, start * hidden);
    present.set(part.present, start);
    backend.endStep();
  }
  const table: ModalityTable = { width: hidden, steps: 1, values, mask: present, present };
  return { ...split, modalities: { ...split.modalities, [modality]: table } };
}
