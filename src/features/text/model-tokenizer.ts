import { causeText } from "../../core/cause-text.js";
import { assetVersion } from "../asset-version.js";
import type { ReadAsset } from "../asset.js";
import { optionalPackage } from "../missing-package.js";
import type { ModelFiles } from "../onnx/model-files.js";

export const TOKENIZER_PACKAGE = "@huggingface/tokenizers";

/** What is used of the package; its own declarations cannot be resolved by Node's rules. */
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

/** The tokenizer that comes with a model. */
export class ModelTokenizer {
  private constructor(
    private readonly tokenizer: Tokenizer,
    private readonly files: ModelFiles,
    /** Ids that go before and after every text, e.g. [CLS] and [SEP]. */
    readonly before: readonly number[],
    readonly after: readonly number[],
    /** What fills up a network of a fixed length. */
    readonly padding: number,
    /** Tokens that the model was trained with, as its tokenizer says. */
    readonly longest: number,
    readonly version: string,
    /** What stands for text that is not in the vocabulary; undefined where there is no such text. */
    private readonly unknown: number | undefined,
  ) {}

  /**
   * @throws MediaError "media.missing-package", "media.not-found" without a tokenizer.json, "media.damaged"
   * for one that cannot be used
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

  /** Ids of a text's own tokens. @throws MediaError "media.damaged" if the tokenizer cannot read it */
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

  /** Share of tokens that stand for unknown text, as `unknownShare`; nothing where every text is known. */
  unknownShare(tokens: readonly number[]): { readonly unknownShare?: number } {
    if (this.unknown === undefined || tokens.length === 0) return {};
    return { unknownShare: tokens.filter((id) => id === this.unknown).length / tokens.length };
  }

  /**
   * How many tokens each word has, as far as the first `tokens` go. Tokenizers of encoders split at spaces
   * first, so a word's tokens are those that it adds to another word.
   * @returns [words up to there] exact for such tokenizers; for others the caller must expect another sum
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

/** What the tokenizer puts around a text, seen by looking for the tokens of a short one. */
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

/** @param token as tokenizer_config.json has it: its text, or an object with it */
function tokenId(tokenizer: Tokenizer, token: unknown): number | undefined {
  const name = typeof token === "object" && token !== null && "content" in token ? token.content : token;
  return typeof name === "string" ? tokenizer.token_to_id(name) : undefined;
}
