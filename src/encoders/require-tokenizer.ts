import { MediaError } from "../core/errors.js";
import { isRecord } from "../core/is-record.js";
import { type EncoderFiles, jsonOf } from "./encoder-files.js";

const TOKENIZER = "tokenizer.json";

/**
 * Checks that the tokenizer in an encoder's folder gives no token that the encoder does not have. Texts of a
 * data set may avoid such tokens, and would then be read as other words. Does nothing without a tokenizer.
 * @param vocabulary number of tokens of the encoder
 * @throws MediaError "media.mismatch"
 */
export function requireTokenizer(files: EncoderFiles, vocabulary: number): void {
  const tokenizer = jsonOf(files, TOKENIZER);
  const largest = tokenizer ? largestId(tokenizer) : -1;
  if (largest < vocabulary) return;
  throw new MediaError(
    "media.mismatch",
    `${TOKENIZER} of ${files.name} has the token id ${largest}, but the encoder has ${vocabulary} tokens`,
    { hint: `Use the ${TOKENIZER} that came with the encoder's weights.` },
  );
}

/** Returns the largest id of the vocabulary and the added tokens; -1 if none is stated. */
function largestId({ model, added_tokens: added }: Readonly<Record<string, unknown>>): number {
  let largest = -1;
  const vocabulary = isRecord(model) ? model["vocab"] : undefined;
  if (Array.isArray(vocabulary)) largest = vocabulary.length - 1; // unigram: the place in the list is the id
  const stated = [
    ...(isRecord(vocabulary) ? Object.values(vocabulary) : []),
    ...(Array.isArray(added) ? added.map((token: unknown) => (isRecord(token) ? token["id"] : -1)) : []),
  ];
  for (const id of stated) if (typeof id === "number" && id > largest) largest = id;
  return largest;
}
