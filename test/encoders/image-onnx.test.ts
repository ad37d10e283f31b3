import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { FeatureExtractor } from "../../src/features/feature-extractor.js";
import type { ImageMedia } from "../../src/features/media.js";
import { nodeEnvironment } from "../../src/features/node-environment.js";
import { createExtractor, parseAdapterChoice } from "../../src/features/registry.js";
import { expectRejection } from "../../src/features/testing/expect-rejection.js";
import { CLASSES, imageModel, type ImageModelShape } from "./conv-graph.js";
import { tinyBertModel } from "./tiny-bert.js";

const root = mkdtempSync(join(tmpdir(), "euar-image-"));
let made = 0;

afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

function folderOf(model: Uint8Array | ImageModelShape, config?: unknown): string {
  const folder = join(root, String(made++));
  mkdirSync(folder);
  writeFileSync(join(folder, "model.onnx"), model instanceof Uint8Array ? model : imageModel(model));
  if (config !== undefined)
    writeFileSync(
      join(folder, "preprocessor_config.json"),
      typeof config === "string" ? config : JSON.stringify(config),
    );
  return folder;
}

function open(
  folder: string,
  options: Readonly<Record<string, unknown>> = {},
): Promise<FeatureExtractor<ImageMedia>> {
  return createExtractor(
    "image",
    { adapter: "image/onnx", options: { folder, ...options } },
    nodeEnvironment,
  );
}

async function featuresOf(
  image: ImageMedia,
  folder: string,
  options: Readonly<Record<string, unknown>> = {},
): Promise<Float32Array> {
  const extractor = await open(folder, options);
  try {
    return (await extractor.extract(image)).sequence;
  } finally {
    extractor.close();
  }
}

function close(a: Float32Array, b: Float32Array, digits = 5): void {
  expect(a.length).toBe(b.length);
  a.forEach((value, i) => {
    expect(value).toBeCloseTo(b[i] ?? NaN, digits);
  });
}

const image: ImageMedia = {
  width: 40,
  height: 30,
  rgb: Uint8Array.from({ length: 40 * 30 * 3 }, (_, i) => (i * i * 7 + i * 13) % 256),
};
const grey: ImageMedia = { width: 9, height: 7, rgb: new Uint8Array(9 * 7 * 3).fill(51) };

describe("image/onnx", () => {
  it("preprocesses as torchvision does by default, and gives one vector", async () => {
    const extractor = await open(folderOf({ channels: 6 }));
    expect(extractor.identity).toMatchObject({
      width: 6,
      options: {
        side: 224,
        shorter: 256,
        filter: "bilinear",
        mean: "0.485 0.456 0.406",
        output: "pooler_output",
        layout: "nchw",
      },
    });
    expect(Object.keys(extractor.identity.packages)).toEqual(["model.onnx", "onnxruntime-web"]);
    const { steps, sequence, mask, quality } = await extractor.extract(image);
    expect([
      steps,
      sequence.length,
      [...mask],
      quality.problems.map(({ code }) => code).includes("image.small"),
    ]).toEqual([1, 6, [1], true]);
    extractor.close();
    expect(
      Array.from(await featuresOf(grey, folderOf({ output: "image" })), (x) => Number(x.toFixed(5))),
    ).toEqual(
      [0.485, 0.456, 0.406].map((mean, c) =>
        Number(((0.2 - mean) / ([0.229, 0.224, 0.225][c] ?? 1)).toFixed(5)),
      ),
    );
  });

  it("follows preprocessor_config.json, and options before it", async () => {
    const config = {
      size: { height: 32, width: 32 },
      image_mean: [0.5, 0.5, 0.5],
      image_std: [0.5, 0.5, 0.5],
      resample: 3,
    };
    const folder = folderOf({ output: "image" }, config);
    close(await featuresOf(grey, folder), Float32Array.of(-0.6, -0.6, -0.6));
    close(await featuresOf(grey, folder, { mean: "0.2 0.2 0.2", side: 16 }), Float32Array.of(0, 0, 0));
    const extractor = await open(folder);
    expect(extractor.identity.options).toMatchObject({ side: 32, shorter: 0, filter: "bicubic" });
    const again = await createExtractor("image", extractor.identity, nodeEnvironment);
    expect(again.identity).toEqual(extractor.identity);
    for (const one of [extractor, again]) one.close();
  });

  it("gives the same for both layouts, found by the network's shape", async () => {
    const planes = await featuresOf(image, folderOf({ layout: "nchw", side: 48 }));
    close(await featuresOf(image, folderOf({ layout: "nhwc", side: 48 })), planes);
    close(await featuresOf(image, folderOf({ layout: "nchw" }), { side: 48 }), planes);
    close(await featuresOf(image, folderOf({ layout: "nhwc", side: 48, output: "rows" })), planes);
  });

  it("averages maps and patches alike, or takes the first patch, and makes vectors of length 1", async () => {
    const pooled = await featuresOf(image, folderOf({ output: "pooled" }));
    const patches = folderOf({ output: "tokens" });
    close(await featuresOf(image, patches), pooled);
    const first = await featuresOf(image, patches, { pooling: "cls" });
    expect(Math.abs((first[0] ?? NaN) - (pooled[0] ?? NaN))).toBeGreaterThan(1e-4);
    const unit = await featuresOf(image, patches, { normalise: true });
    expect(Math.hypot(...unit)).toBeCloseTo(1, 6);
  });

  it("prefers features to class scores, and takes the output that is named", async () => {
    const folder = folderOf({ output: "logits", channels: 7 });
    expect((await featuresOf(image, folder)).length).toBe(7);
    expect((await featuresOf(image, folder, { output: "logits" })).length).toBe(CLASSES);
  });

  it("gives the same bits together with other images as alone", async () => {
    const extractor = await open(folderOf({}));
    const [alone] = [(await extractor.extract(image)).sequence];
    const together = await Promise.all([grey, image, grey].map((one) => extractor.extract(one)));
    expect(together[1]?.sequence).toEqual(alone);
    extractor.close();
    await expectRejection(extractor.extract(image), "internal");
  });

  it("reads options as they are typed", () => {
    const choice = parseAdapterChoice(
      "image",
      "image/onnx:folder=models/resnet152.onnx,mean=0.5 0.5 0.5,shorter=0",
    );
    expect(choice.options).toMatchObject({
      folder: "models/resnet152.onnx",
      mean: "0.5 0.5 0.5",
      shorter: 0,
    });
  });

  it.each([
    [
      "a network for texts",
      () => open(folderOf(tinyBertModel())),
      "media.unsupported",
      /it has 3 inputs \(input_ids, attention_mask, token_type_ids\)/,
    ],
    [
      "another side than the network's",
      () => open(folderOf({ side: 48 }), { side: 64 }),
      "config.invalid",
      /reads 48 pixels/,
    ],
    [
      "a margin inside the square",
      () => open(folderOf({}), { side: 64, shorter: 32 }),
      "config.invalid",
      /less than the side/,
    ],
    [
      "two numbers for a mean",
      () => open(folderOf({}), { mean: "0.5 0.5" }),
      "config.invalid",
      /mean must be three numbers/,
    ],
    [
      "a deviation of nothing",
      () => open(folderOf({}), { std: "0 1 1" }),
      "config.invalid",
      /std must be three positive numbers/,
    ],
    [
      "a description that is no JSON",
      () => open(folderOf({}, "{")),
      "media.damaged",
      /preprocessor_config\.json .* is not JSON/,
    ],
    [
      "a description that cannot be followed",
      () => open(folderOf({}, { size: { height: 10, width: 20 } })),
      "media.damaged",
      /only squares/,
    ],
    [
      "an output that is not there",
      () => open(folderOf({}), { output: "pool" }),
      "config.invalid",
      /no output "pool"/,
    ],
    [
      "pixels that do not fit the size",
      () => featuresOf({ ...image, width: 41 }, folderOf({})),
      "media.damaged",
      /must have 3690 bytes/,
    ],
  ] as const)("refuses %s", async (_what, work, code, message) => {
    await expectRejection(work(), code, message);
  });
});
