import { causeText } from "../../core/cause-text.js";
import { assetVersion } from "../asset-version.js";
import type { ReadAsset } from "../asset.js";
import { optionalPackage } from "../missing-package.js";
import type { ModelFiles } from "../onnx/model-files.js";

export const TOKENIZER_PACKAGE = "@huggingface/tokenizers";

/** Part of the package that we use. Node's rules cannot resolve its own declarations. */
interface TokenizerModule {
  readonly Tokenizer: new (description: object, config: object) => Tokenizer;
}

interface Tokenizer {
  encode(text: string, options?: { add_special_tokens?: boolean }): { ids: number[] };
  token_to_id(token: string): number | undefined;
}

const TOKENIZER_FILE = "tokenizer.json";
const HOW_TO_SAVE =
  'In Python, transformers.AutoTokenizer.from_pretrained("NAME").save_pretrained("FOLDER") writes it.';

/** Tokenizer of a model. */
export class ModelTokenizer {
  private constructor(
    private readonly tokenizer: Tokenizer,
    private readonly files: ModelFiles,
    /** Ids before and after every text, e.g. [CLS] and [SEP]. */
    readonly before: readonly number[],
    readonly after: readonly number[],
    /** Id that pads the input of a network with a fixed length. */
    readonly padding: number,
    /** Largest number of tokens of the model, as its tokenizer states. */
    readonly longest: number,
    readonly version: string,
    /** Id of text that is not in the vocabulary; undefined if every text is. */
    private readonly unknown: number | undefined,
  ) {}

  /**
   * Loads the tokenizer.
   * @throws MediaError "media.missing-package", "media.not-found" without a tokenizer.json, "media.damaged"
   * for an unusable one
   */
  static async load(files: ModelFiles, readAsset: ReadAsset): Promise<ModelTokenizer> {
    const { Tokenizer: Loaded } = await optionalPackage<TokenizerModule>(
      TOKENIZER_PACKAGE,
      "text/onnx",
      () => import("@huggingface/tokenizers"),
    );
    const version = await assetVersion(readAsset, TOKENIZER_PACKAGE);
    const description = await files.json(TOKENIZER_FILE, true);
    if (!description) throw files.missing(TOKENIZER_FILE, HOW_TO_SAVE);
    const config = (await files.json("tokenizer_config.json", true)) ?? {};
    try {
      const tokenizer = new Loaded(description, config);
      const { before, after } = surroundings(tokenizer);
      const longest = config["model_max_length"];
      return new ModelTokenizer(
        tokenizer,
        files,
        before,
        after,
        paddingOf(tokenizer, config),
        typeof longest === "number" && longest >= 1 ? longest : Infinity,
        version,
        tokenId(tokenizer, config["unk_token"]),
      );
    } catch (cause) {
      throw files.damaged(TOKENIZER_FILE, causeText(cause), cause);
    }
  }

  /**
   * Returns the ids of a text, without added ones.
   * @throws MediaError "media.damaged" if the tokenizer cannot read it
   */
  tokenize(text: string): number[] {
    let ids: number[];
    try {
      ids = this.tokenizer.encode(text, { add_special_tokens: false }).ids;
    } catch (cause) {
      throw this.files.damaged(TOKENIZER_FILE, `it cannot split a text: ${causeText(cause)}`, cause);
    }
    if (ids.every((id) => Number.isSafeInteger(id) && id >= 0)) return ids;
    throw this.files.damaged(TOKENIZER_FILE, "it gives tokens that are not in its vocabulary");
  }

  /** Fraction of tokens that stand for unknown text, as `unknownShare`. Empty if every text is known. */
  unknownShare(tokens: readonly number[]): { readonly unknownShare?: number } {
    if (this.unknown === undefined || tokens.length === 0) return {};
    return { unknownShare: tokens.filter((id) => id === this.unknown).length / tokens.length };
  }

  /**
   * Counts the tokens of each word, up to the first `tokens` tokens. Tokenizers of encoders split at spaces
   * first, so the tokens of a word are those that it adds to another word.
   * @returns [words up to there]; exact for such tokenizers. For others, the sum may differ
   */
  tokensPerWord(words: readonly string[], tokens: number): number[] {
    const first = words[0] ?? "";
    const alone = this.tokenize(first).length;
    const known = new Map<string, number>();
    const counts = [alone];
    let sum = alone;
    for (const word of words.slice(1)) {
      if (sum >= tokens) break;
      const count = known.get(word) ?? Math.max(0, this.tokenize(`${first} ${word}`).length - alone);
      known.set(word, count);
      counts.push(count);
      sum += count;
    }
    return counts;
  }
}

/** Finds the ids around a text by locating the tokens of a short one. */
function surroundings(tokenizer: Tokenizer): { before: number[]; after: number[] } {
  const own = tokenizer.encode("a", { add_special_tokens: false }).ids;
  const all = tokenizer.encode("a").ids;
  const start = all.findIndex((_, i) => own.every((id, j) => all[i + j] === id));
  if (own.length === 0 || start < 0) throw new Error("it has no tokens for the letter a");
  return { before: all.slice(0, start), after: all.slice(start + own.length) };
}

function paddingOf(tokenizer: Tokenizer, { pad_token: token }: Readonly<Record<string, unknown>>): number {
  return tokenId(tokenizer, token) ?? 0;
}

/** @param token in tokenizer_config.json: its text, or an object with it */
function tokenId(tokenizer: Tokenizer, token: unknown): number | undefined {
  const name = typeof token === "object" && token !== null && "content" in token ? token.content : token;
  return typeof name === "string" ? tokenizer.token_to_id(name) : undefined;
}
