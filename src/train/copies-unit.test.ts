import { expect, test, vi } from "vitest";
import * as copies from "../corruption/corrupted-copies.js";
import { toyDataset } from "../data/testing/toy-dataset.js";
import { train } from "./train.js";

vi.mock("../corruption/corrupted-copies.js", { spy: true });

test("copies are corrupted in units of the normalised training features, for any length", async () => {
  const dataset = toyDataset({ sizes: { train: 48, valid: 20, test: 20 } });
  const unitsOf = async (length: number): Promise<Readonly<Record<string, number>>> => {
    vi.mocked(copies.withCorruptedCopies).mockClear();
    await train(
      {
        model: { name: "linear" },
        train: { epochs: 1, normalise: "unit", normaliseLength: length, copies: ["noise"] },
      },
      dataset,
    );
    return vi.mocked(copies.withCorruptedCopies).mock.calls[0]?.[1].units ?? {};
  };
  const [short, long] = [await unitsOf(1), await unitsOf(3)];
  expect(short["text"]).toBeCloseTo(1 / Math.sqrt(6), 3);
  expect(short["audio"]).toBeCloseTo(1 / Math.sqrt(4), 3);
  expect(long["text"]).toBeCloseTo(3 / Math.sqrt(6), 3);
});
