import { describe, expect, it } from "vitest";
import { exportOnnx } from "./export-onnx.js";
import { type ModelCard, modelCard } from "./model-card.js";
import { randomModel } from "./testing/random-model.js";

async function card(
  changes: Partial<ModelCard> = {},
  options: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const modalities = [
    { name: "text | <b>", width: 3, steps: 1 },
    { name: "audio", width: 2, steps: 4 },
  ];
  const predictor = await randomModel({
    modalities,
    options: { hidden: 4, experts: { count: 2, topK: 1 }, head: [], ...options },
  });
  const { config, hash, network } = predictor;
  const exported = await exportOnnx(predictor);
  return modelCard({
    config,
    hash,
    bestEpoch: 3,
    parameters: network.parameters.count(),
    exported,
    digest: "abc",
    metrics: undefined,
    difference: undefined,
    normalisation: "zscore",
    ...changes,
  });
}

describe("modelCard", () => {
  it("describes every input and output, and names unknown facts", async () => {
    const text = await card();
    for (const name of [
      "text____b_",
      "present_text____b_",
      "audio",
      "present_audio",
      "mask_audio",
      "prediction",
      "sigma2_audio",
    ])
      expect(text).toContain(`| \`${name}\` |`);
    expect(text).toContain("[batch, steps\\_audio, 2]");
    expect(text).toContain("Unknown: exported from a weight file");
    expect(text).toContain("It was not compared");
    expect(text).toContain("The graph includes zscore, in float32.");
    expect(text).toContain("The data set does not state it");
    expect(text).toContain("text \\| \\<b\\> is `text____b_`");
    expect(text).toContain("## Licence\n\nNot stated.");
  });
  it("gives metrics with their intervals and the measured difference", async () => {
    const metrics = [
      { name: "MAE", value: 0.5, interval: [0.25, 0.75] as const },
      { name: "Corr", value: null, interval: null },
    ];
    const text = await card({ metrics, difference: 5.3e-7 });
    expect(text).toContain("| `MAE` | 0.5000 | 0.2500 to 0.7500 |");
    expect(text).toContain("| `Corr` | n/a | undefined on some resamples |");
    expect(text).toContain("The largest difference was 5.3e-7");
  });
  it("names the adapters that made the features", async () => {
    const { config } = await randomModel({ modalities: [{ name: "audio", width: 2, steps: 4 }] });
    const origin = {
      adapter: "audio/covarep",
      version: 2,
      packages: { "@a/b": "1.0" },
      options: { rate: 100 },
      width: 2,
    };
    const text = await card({ config: { ...config, data: { ...config.data, features: { audio: origin } } } });
    expect(text).toContain("| audio | audio/covarep, version 2 | rate 100 | @a/b 1.0 |");
  });
  it("warns of a gate that depends on the batch", async () => {
    expect(await card()).toContain("does not depend on the other samples");
    expect(await card({}, { experts: { count: 2, topK: 1, gate: "batch-normalised" } })).toContain(
      "**Its gate is divided by its sum over the batch",
    );
  });
});
