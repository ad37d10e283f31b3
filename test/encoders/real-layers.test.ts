import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { nodeEnvironment } from "../../src/features/node-environment.js";
import { createEncoderTextExtractor } from "../../src/features/text/encoder-text.js";

interface Case {
  readonly text: string;
  /**
   * By layer, from the embeddings on: leading values of the mean and of the first token, length of the mean.
   */
  readonly layers: readonly {
    readonly mean: readonly number[];
    readonly length: number;
    readonly first: readonly number[];
  }[];
}

const cases = JSON.parse(
  readFileSync(new URL("../fixtures/encoder-layers.json", import.meta.url), "utf8"),
) as readonly Case[];
const store = process.env["EUAR_ENCODERS"] ?? join(homedir(), ".cache", "euar-encoders");
const folder = join(store, "all-MiniLM-L6-v2");
const isThere = existsSync(join(folder, "model.safetensors"));
if (!isThere) console.warn(`Skipped the layers of all-MiniLM-L6-v2: its weights are not in ${folder}.`);

/** all-MiniLM-L6-v2 (Apache-2.0); expected values by scripts/fixtures/encoder_layers.py. */
it.skipIf(!isThere)(
  "every layer of the real MiniLM equals transformers",
  async () => {
    for (const layer of [0, 1, 3, 6]) {
      const options = { folder, layer: String(layer), letterCase: "keep" } as const;
      const [mean, cls] = [
        await createEncoderTextExtractor(options, nodeEnvironment),
        await createEncoderTextExtractor({ ...options, pooling: "cls" }, nodeEnvironment),
      ];
      for (const { text, layers } of cases) {
        const expected = layers[layer];
        const [own, first] = [
          (await mean.extract({ text })).sequence,
          (await cls.extract({ text })).sequence,
        ];
        expected?.mean.forEach((value, d) => {
          expect(Math.abs((own[d] ?? NaN) - value), `layer ${layer}, ${text}`).toBeLessThan(1e-5);
        });
        expected?.first.forEach((value, d) => {
          expect(Math.abs((first[d] ?? NaN) - value), `layer ${layer}, ${text}`).toBeLessThan(1e-5);
        });
        expect(Math.sqrt(own.reduce((sum, value) => sum + value * value, 0))).toBeCloseTo(
          expected?.length ?? NaN,
          4,
        );
      }
      mean.close();
      cls.close();
    }
  },
  60_000,
);
