import { checkArguments, NUMBER, objectOf, perhaps } from "../core/checked-call.js";
import { isRecord } from "../core/is-record.js";
import { SEED, type WeightSource } from "../nn/parameter-set.js";
import { BACKEND } from "../tensor/argument-checks.js";
import type { Backend } from "../tensor/backend.js";
import { EncoderCheckpoint } from "./encoder-checkpoint.js";
import { parseEncoderConfig } from "./encoder-config.js";
import { type EncoderFiles, jsonOf } from "./encoder-files.js";
import { requireMemory } from "./encoder-memory.js";
import { TextEncoder } from "./text-encoder.js";
import type { TextEncoderOptions } from "./text-encoder-config.js";

/** Record of the encoder inside a run: enough to find it again, and to verify that it is the same. */
export interface EncoderRecord {
  /** Modality that the encoder reads. */
  readonly modality: string;
  /** config.json of the pretrained encoder. */
  readonly architecture: Readonly<Record<string, unknown>>;
  /** sha-256 of its configuration and weights. */
  readonly digest: string;
  readonly options: TextEncoderOptions;
}

/** Pretrained encoder with its options. */
export interface OpenedEncoder {
  readonly record: EncoderRecord;
  readonly checkpoint: EncoderCheckpoint;
}

const OPENED = objectOf("an opened encoder", {
  record: {
    expected: "the record of an encoder",
    holds: (value) => isRecord(value) && isRecord(value["architecture"]) && isRecord(value["options"]),
  },
  checkpoint: perhaps({
    expected: "the checkpoint of an encoder",
    holds: (value) => value instanceof EncoderCheckpoint,
  }),
});

/**
 * Opens a pretrained encoder: reads its configuration and headers, and hashes its weights.
 * @throws MediaError as {@link EncoderCheckpoint.open}
 */
export function openEncoder(
  files: EncoderFiles,
  options: TextEncoderOptions,
  modality = "text",
): OpenedEncoder {
  const checkpoint = EncoderCheckpoint.open(files);
  const architecture = jsonOf(files, "config.json") ?? {};
  return { record: { modality, architecture, digest: checkpoint.digest(), options }, checkpoint };
}

/**
 * Builds the encoder of a record, with the pretrained weights if there is a checkpoint.
 * @param headRate learning rate of the rest of the model
 * @throws MediaError "media.unsupported" or "media.damaged"
 * @throws ConfigError
 * @throws BackendError "backend.out-of-memory" for an encoder that does not fit into memory, with options
 * that would fit
 */
export function buildEncoder(
  opened: { readonly record: EncoderRecord; readonly checkpoint?: EncoderCheckpoint },
  backend: Backend,
  seed: WeightSource,
  headRate: number,
): TextEncoder {
  checkArguments("buildEncoder", [opened, backend, seed, headRate], [OPENED, BACKEND, SEED, NUMBER]);
  const { record, checkpoint } = opened;
  const shape = checkpoint?.shape ?? parseEncoderConfig(record.architecture, "the run's text encoder");
  requireMemory(shape, record.options, backend);
  const encoder = new TextEncoder(shape, record.options, backend, seed, headRate);
  checkpoint?.fill(encoder.stack.weights);
  return encoder;
}
