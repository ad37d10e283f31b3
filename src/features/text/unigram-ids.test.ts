import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { integerAt, randomKey } from "../../core/random.js";
import { readJsonAsset } from "../asset-version.js";
import { nodeAssets } from "../node-assets.js";
import type { UnigramTokenizer } from "./unigram-tokenizer.js";
import { loadUseLiteTokenizer, USE_LITE_PACKAGE } from "./use-lite-model.js";

/** Part of `@huggingface/tokenizers` that the test uses. Node's rules cannot resolve its own declarations. */
interface TokenizerModule {
  readonly Tokenizer: new (
    description: object,
    config: object,
  ) => { encode(text: string, options: object): { readonly ids: number[] } };
}

const RESERVED = 6;

/** Describes the same vocabulary and normalisation as a tokenizer.json. */
function description(vocabulary: readonly (readonly [string, number | null])[]): object {
  const runs = { type: "Replace", pattern: { Regex: "[\\s\\p{Cc}\\u200B\\u2581]+" }, content: " " };
  return {
    version: "1.0",
    added_tokens: [],
    normalizer: {
      type: "Sequence",
      normalizers: [{ type: "NFKC" }, runs, { type: "Strip", strip_left: true, strip_right: true }],
    },
    pre_tokenizer: { type: "Metaspace", replacement: "\u2581", prepend_scheme: "always", split: true },
    post_processor: null,
    decoder: null,
    model: {
      type: "Unigram",
      unk_id: 0,
      // a text that equals the name of a control symbol does not mean the symbol
      vocab: vocabulary.map(([piece, score], id) =>
        id > 0 && id < RESERVED ? [`\u0000${id}`, 0] : [piece, score ?? 0],
      ),
    },
  };
}

const SIGNS = Array.from(
  "abcdefghijklmnopqrstuvwxyzABCXYZ 0123456789,.!?'\"-:;éüßñ😀漢字ﬁ½…—\u0000\u200b\t\u2581<>/s",
);

function randomTexts(count: number): string[] {
  const key = randomKey(5, "texts");
  return Array.from({ length: count }, (_, n) =>
    Array.from(
      { length: 1 + integerAt(key, 64 * n, 40) },
      (_one, i) => SIGNS[integerAt(key, 64 * n + 1 + i, SIGNS.length)] ?? "",
    ).join(""),
  );
}

const prose = ["README.md", "docs/formats.md", "docs/findings.md"].flatMap((page) =>
  readFileSync(new URL(`../../../${page}`, import.meta.url), "utf8").split("\n"),
);

describe("ids of the text/use-lite tokenizer", () => {
  let ours: UnigramTokenizer;
  let theirs: InstanceType<TokenizerModule["Tokenizer"]>;
  beforeAll(async () => {
    ours = await loadUseLiteTokenizer(nodeAssets);
    const vocabulary = (await readJsonAsset(nodeAssets, USE_LITE_PACKAGE, "dist/vocab.json")) as [
      string,
      number | null,
    ][];
    const { Tokenizer } = (await import("@huggingface/tokenizers")) as unknown as TokenizerModule;
    const unknown = vocabulary[0]?.[0];
    theirs = new Tokenizer(description(vocabulary), { tokenizer_class: "T5Tokenizer", unk_token: unknown });
  });

  it.each([
    ["prose", prose],
    ["random signs", randomTexts(2000)],
    [
      "names of control symbols and odd characters",
      ["</s>", "a <s> b", "extra_token_id_1", "\ufffd x", "a\ud800b"],
    ],
  ])("are those of @huggingface/tokenizers for %s", (_, texts) => {
    for (const text of texts) {
      const ids = ours.tokenize(text).map(({ id }) => id);
      expect(theirs.encode(text, { add_special_tokens: false }).ids, JSON.stringify(text)).toEqual(ids);
    }
  });
});
