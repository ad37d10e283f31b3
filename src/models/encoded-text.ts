import { checkArguments, must, perhaps, rules, TEXT } from "../core/checked-call.js";
import { ConfigError } from "../core/errors.js";
import type { Batch } from "../data/batch.js";
import type { Split } from "../data/dataset.js";
import type { Normaliser } from "../data/normaliser.js";
import { normaliser as normaliserRule } from "../data/normaliser-rule.js";
import type { EncoderShape } from "../encoders/encoder-config.js";
import { TextEncoder } from "../encoders/text-encoder.js";
import type { Tape } from "../tensor/tape.js";
import { encodedModality, encodedSplit, ENCODING_BATCH, idsOf, scaledVectors } from "./encode-split.js";
import type { DataSignature, ForwardContext, ForwardResult, Model } from "./model.js";
import { SIGNATURE } from "./signature-check.js";

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
const NORMALISER = must(perhaps(normaliserRule));

/**
 * Creates a model with a text encoder in front of an inner model. In the data, the text modality has token
 * ids as its only feature. The inner model reads the encoder's vector instead, and its gradient trains the
 * encoder.
 * @param signature signature of the data, with token ids
 * @param modality modality with token ids
 * @param create builds the model on the encoded text
 * @param normaliser scales the vectors of a frozen encoder, if it has their statistics (`vectorsOf`)
 * @throws ConfigError for a model with a closed form together with an encoder that trains
 */
export function createEncodedModel(
  signature: DataSignature,
  modality: string,
  encoder: TextEncoder,
  create: (encoded: DataSignature) => Model,
  normaliser?: Normaliser,
): Model {
  const values = [signature, modality, encoder, create, normaliser];
  checkArguments("createEncodedModel", values, [SIGNATURE, TEXT, ENCODER, CREATE, NORMALISER]);
  const inner = create(encodedSignature(signature, modality, encoder.shape));
  const { solve, parameters, fitStatistics, settleTrust } = inner;
  if (solve && !encoder.isFrozen)
    throw new ConfigError(
      "config.conflict",
      `the model ${inner.name} is solved in closed form, which cannot train a text encoder`,
      { hint: "Freeze the encoder (--text-train 0), or choose another model." },
    );
  parameters.adopt(encoder.parameters);
  const scaling = encoder.isFrozen ? normaliser : undefined;

  function forward(tape: Tape, batch: Batch, context: ForwardContext): ForwardResult {
    const tokens = batch.modalities[modality];
    if (!tokens) return inner.forward(tape, batch, context);
    const draws = { ...context, sampleIndex: batch.sampleIndex };
    const read = encoder.forward(tape, idsOf(tokens), draws); // [B, H]
    const unscaled = encodedModality(tokens, read);
    const encoded = scaledVectors(modality, unscaled, scaling);
    const vectors = encoded === unscaled ? read : tape.constant(encoded.values, read.shape);
    const modalities = { ...batch.modalities, [modality]: encoded };
    return inner.forward(
      tape,
      { ...batch, modalities },
      { ...context, encoded: new Map([[modality, vectors]]) },
    );
  }

  const encodeSplit = (split: Split): Split => encodedSplit(split, modality, encoder, scaling);
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
    evaluationBatch: ENCODING_BATCH,
    constants: encoder.stack.weights
      .all()
      .flatMap(([, { parameter, trained }]) => (trained ? [] : [parameter])),
    ...(fitStatistics && {
      fitStatistics: (train: Split): void => {
        fitStatistics(encodeSplit(train));
      },
    }),
    settleTrust,
    ...(solve && {
      solve: (train: Split, epoch: number, improved?: readonly boolean[]) =>
        solve.call(inner, encodeOnce(train), epoch, improved),
    }),
    forward,
  };
}
