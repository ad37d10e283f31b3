import { causeText } from "../core/cause-text.js";
import { BackendError, CheckpointError, EuarError, MediaError } from "../core/errors.js";
import { type Normaliser, vectorsOf } from "../data/normaliser.js";
import type { EncoderFiles } from "../encoders/encoder-files.js";
import type { EncoderRecord } from "../encoders/open-encoder.js";
import type { TextEncoder } from "../encoders/text-encoder.js";
import type { DataSignature, Model } from "../models/model.js";
import type { Weights } from "../runs/checkpoint.js";
import type { RunConfig } from "../runs/results.js";
import { setWeights } from "../runs/weights.js";
import type { Backend } from "../tensor/backend.js";
import { buildModel } from "./build-model.js";

/**
 * Builds a stored model and loads its weights.
 * @param files files of the pretrained encoder, if the run has one; default: the folder that the run names
 * @throws CheckpointError for an invalid configuration, or weights of another model; MediaError for a
 * pretrained encoder that does not exist or is not that of the run
 */
export async function rebuildModel(
  config: RunConfig,
  backend: Backend,
  {
    weights,
    normaliser,
    file,
    files,
  }: {
    readonly weights: Weights;
    readonly normaliser: Normaliser;
    readonly file: string;
    readonly files?: EncoderFiles;
  },
): Promise<Model> {
  const { data, encoder: record } = config;
  const signature = { task: data.task, modalities: data.modalities };
  if (!record) {
    const network = await build(config, signature, backend, file);
    setWeights(network.parameters, weights, file);
    return network;
  }
  const encoder = await openedEncoder(record, backend, { weights, files });
  const { createEncodedModel, encodedSignature } = await import("../models/encoded-text.js");
  const inside = encodedSignature(signature, record.modality, encoder.shape);
  const vectors = normaliser.modalities[vectorsOf(record.modality)];
  if (vectors && vectors.mean.length !== encoder.shape.hidden)
    throw new CheckpointError(
      "checkpoint.format",
      `${file} has statistics of ${vectors.mean.length} features for the encoder's vectors, which have ` +
        `${encoder.shape.hidden}`,
    );
  const inner = await build(config, inside, backend, file);
  const network = createEncodedModel(signature, record.modality, encoder, () => inner, normaliser);
  setWeights(network.parameters, weights, file);
  return network;
}

/**
 * Opens the encoder of a run: from the weight file if it contains a complete one, otherwise from the
 * pretrained folder.
 */
async function openedEncoder(
  record: EncoderRecord,
  backend: Backend,
  { weights, files }: { readonly weights: Weights; readonly files: EncoderFiles | undefined },
): Promise<TextEncoder> {
  const { buildEncoder, openEncoder } = await import("../encoders/open-encoder.js");
  const { holdsWholeEncoder } = await import("../encoders/text-encoder.js");
  if (holdsWholeEncoder(weights)) {
    const encoder = buildEncoder({ record }, backend, "blank", 1);
    for (const [, { parameter, trained }] of encoder.stack.weights.all()) {
      const values = weights.get(parameter.name);
      if (values?.length === parameter.size) parameter.buffer.view.set(values);
      else if (!trained)
        throw new CheckpointError("checkpoint.format", `the weights lack "${parameter.name}"`, {
          hint: "Merge the run again, from its folder.",
        });
    }
    return encoder;
  }
  const { textEncoder } = record.options;
  const opened = openEncoder(files ?? (await folderOf(textEncoder)), record.options, record.modality);
  if (opened.record.digest !== record.digest)
    throw new MediaError(
      "media.mismatch",
      `${opened.checkpoint.files.name} is not the encoder that the run was trained with`,
      { hint: "Give the original folder, or a run that was merged (euar train --merge)." },
    );
  return buildEncoder(opened, backend, "blank", 1);
}

async function folderOf(path: string): Promise<EncoderFiles> {
  return (await import("../encoders/encoder-folder.js")).encoderFolder(path);
}

/** Builds the model without its weights. Any error of the construction means that the file is unusable. */
async function build(
  { model }: RunConfig,
  signature: DataSignature,
  backend: Backend,
  file: string,
): Promise<Model> {
  try {
    return await buildModel(model.name, signature, model.config, backend, "blank");
  } catch (cause) {
    if (cause instanceof BackendError || (cause instanceof EuarError && cause.code.startsWith("media.")))
      throw cause;
    throw new CheckpointError(
      "checkpoint.format",
      `${file}: no model can be built from its configuration: ${causeText(cause)}`,
      { cause },
    );
  }
}
