import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { nodeEnvironment } from "../node-environment.js";
import { createTokensExtractor } from "./tokens-text.js";

/** The small BERT of scripts/fixtures/encoders.py: its tokenizer adds two tokens to every text. */
const folder = fileURLToPath(new URL("../../../test/fixtures/encoders/bert", import.meta.url));

describe("text/tokens", () => {
  it.each([
    [3, 1],
    [4, 2],
    [12, 4],
  ])("with at most %i tokens it reads %i of the text's four", async (maxTokens, own) => {
    const extractor = await createTokensExtractor({ folder, maxTokens }, nodeEnvironment);
    const { steps, sequence, quality } = await extractor.extract({ text: "the film was good" });
    expect(steps).toBe(own + 2);
    expect(sequence).toHaveLength(own + 2);
    expect(quality.measures).toMatchObject({ tokens: 4, tokensDropped: 4 - own });
    extractor.close();
  });

  it.each([1, 2])("refuses %i, which leaves no room for a text", async (maxTokens) => {
    await expect(createTokensExtractor({ folder, maxTokens }, nodeEnvironment)).rejects.toMatchObject({
      code: "config.invalid",
      message: `text/tokens: maxTokens ${maxTokens} leaves no room for a text`,
      hint: "Its tokenizer adds 2 tokens to every text.",
    });
  });

  it("masks a text without visible characters", async () => {
    const extractor = await createTokensExtractor({ folder }, nodeEnvironment);
    const { mask, quality } = await extractor.extract({ text: "  \u200b " });
    expect(mask).not.toContain(1);
    expect(quality.problems.map(({ code }) => code)).toEqual(["text.empty"]);
    extractor.close();
  });
});
