import { describe, expect, it } from "vitest";
import { parseRecipe } from "./recipe.js";
import { trainingOf } from "./rows.js";

const row = { label: "row", role: "euar", model: "euar" } as const;
const recipe = parseRecipe(
  {
    train: { epochs: 5, learningRate: 0.1 },
    models: {
      euar: {
        config: { hidden: 8 },
        train: { epochs: 6 },
        presets: {
          precision: { config: { dropout: 0.2, losses: { alone: 0.3 } }, train: { learningRate: 0.4 } },
        },
      },
    },
  },
  "recipe",
);

describe("options of a recipe", () => {
  it("gives a row the options of its preset last, but before its own", () => {
    const of = trainingOf({ ...row, preset: "precision" }, recipe);
    expect(of.model.config).toMatchObject({ hidden: 8, dropout: 0.2, fusion: "sum", losses: { alone: 0.3 } });
    expect(of.train).toMatchObject({ epochs: 6, learningRate: 0.4, normalise: "zscore" });
    const own = { config: { losses: { alone: null } }, train: { learningRate: 0.7 } };
    const changed = trainingOf({ ...row, preset: "precision", ...own }, recipe);
    expect(changed.model.config).toMatchObject({ dropout: 0.2, losses: { alone: null } });
    expect(changed.train).toMatchObject({ epochs: 6, learningRate: 0.7 });
  });

  it("leaves rows without that preset alone", () => {
    for (const preset of [undefined, "aware"] as const) {
      const { model, train } = trainingOf({ ...row, ...(preset && { preset }) }, recipe);
      expect(model.config).toMatchObject({ hidden: 8, dropout: 0, losses: { alone: null } });
      expect(train).toMatchObject({ epochs: 6, learningRate: 0.1 });
    }
  });

  it.each([
    [{ lucid: {} }, /no preset "lucid"/],
    [{ precision: { config: { hiden: 8 } } }, /no option "hiden"/],
    [{ precision: { train: { epoch: 8 } } }, /epoch/],
    [
      { precision: { config: { head: null, fusion: "concat", losses: { alone: 1 }, experts: { topK: 0 } } } },
      /topK/,
    ],
  ])("refuses a preset or options that do not exist: %j", (presets, message) => {
    expect(() => parseRecipe({ models: { euar: { presets } } }, "recipe")).toThrow(message);
  });
});
