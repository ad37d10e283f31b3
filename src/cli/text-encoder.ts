import { ConfigError } from "../core/errors.js";
import type { Dataset } from "../data/dataset.js";
import { longestText } from "../encoders/encoder-config.js";
import { encoderFolder } from "../encoders/encoder-folder.js";
import { type OpenedEncoder, openEncoder } from "../encoders/open-encoder.js";
import { textEncoderSchema, type TextEncoderOptions } from "../encoders/text-encoder-config.js";
import { nodeEnvironment } from "../features/node-environment.js";
import { createExtractor } from "../features/registry.js";
import { tokeniseDataset } from "../features/text/tokenise-dataset.js";
import type { RunConfig } from "../runs/results.js";
import { kebabCase } from "./schema-flags.js";

const LORA_KEYS = ["textLoraAlpha", "textLoraTargets"];

/**
 * Refuses options of a text encoder where there is none, and of adapters where there are none.
 * @throws ConfigError "config.conflict"
 */
export function refuseIdleEncoderOptions(given: Readonly<Record<string, unknown>>): void {
  const defaults: Readonly<Record<string, unknown>> = textEncoderSchema.parse({});
  const isChanged = (key: string): boolean =>
    given[key] !== undefined && JSON.stringify(given[key]) !== JSON.stringify(defaults[key]);
  const refuse = (key: string, needs: string): never => {
    throw new ConfigError("config.conflict", `--${kebabCase(key)} has no effect without --${needs}`, {
      hint: `Leave it out, or give --${needs}.`,
    });
  };
  if (given.textEncoder === undefined) {
    if (given.merge === true) refuse("merge", "text-encoder");
    const idle = Object.keys(textEncoderSchema.shape).find((key) => key !== "textEncoder" && isChanged(key));
    if (idle !== undefined) refuse(idle, "text-encoder");
  } else if (given.textLora === undefined) {
    const idle = LORA_KEYS.find(isChanged);
    if (idle !== undefined) refuse(idle, "text-lora");
  }
}

/**
 * Opens the encoder that the options name, and reads the data's texts as its tokens.
 * @returns undefined where no encoder is asked for
 */
export async function withTextEncoder(
  options: Partial<TextEncoderOptions>,
  dataset: Dataset,
): Promise<{ readonly dataset: Dataset; readonly encoder: OpenedEncoder } | undefined> {
  const { textEncoder } = options;
  if (textEncoder === undefined) return undefined;
  const files = encoderFolder(textEncoder);
  const set = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const resolved = { ...textEncoderSchema.parse(set), textEncoder: files.name };
  const known = Object.fromEntries(Object.entries(resolved).filter(([, value]) => value !== undefined));
  const encoder = openEncoder(files, known as TextEncoderOptions);
  const maxTokens = Math.min(resolved.textMaxTokens, longestText(encoder.checkpoint.shape));
  const tokens = await tokensOf(dataset, { folder: files.name, maxTokens });
  return { dataset: tokens, encoder };
}

/** The data as a trained model reads them: its text as tokens, where an encoder is inside. */
export async function datasetForRun(dataset: Dataset, { data, encoder }: RunConfig): Promise<Dataset> {
  const origin = encoder && data.features?.[encoder.modality];
  return origin ? await tokensOf(dataset, origin.options) : dataset;
}

async function tokensOf(dataset: Dataset, options: Readonly<Record<string, unknown>>): Promise<Dataset> {
  const extractor = await createExtractor("text", { adapter: "text/tokens", options }, nodeEnvironment);
  try {
    return await tokeniseDataset(dataset, extractor);
  } finally {
    extractor.close();
  }
}
