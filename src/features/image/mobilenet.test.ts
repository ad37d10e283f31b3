import { createRequire } from "node:module";
import type { Tensor3D } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FeatureExtractor } from "../feature-extractor.js";
import type { ImageMedia } from "../media.js";
import { nodeAssets } from "../node-assets.js";
import { expectRejection } from "../testing/expect-rejection.js";
import { loadTfjs } from "../tfjs/tfjs-runtime.js";
import { createMobileNetExtractor } from "./mobilenet.js";

let extractor: FeatureExtractor<ImageMedia>;

beforeAll(async () => {
  extractor = await createMobileNetExtractor({ readAsset: nodeAssets });
});

afterAll(() => {
  extractor.close();
});

function waves(width: number, height: number): ImageMedia {
  const rgb = Uint8Array.from(
    { length: width * height * 3 },
    (_, i) => ((Math.floor(i / 3) % width) * (i % 3 ? 7 : 3) + Math.floor(i / 3 / width) * 5) % 256,
  );
  return { width, height, rgb };
}

/** Runs the scripts and the preprocessing of nsfwjs itself. */
async function packagesOwn(image: ImageMedia): Promise<Float32Array> {
  interface Script {
    modelTopology: { node: { name: string }[] };
    weightsManifest: { weights: { name: string; shape: number[]; dtype: "float32" }[] }[];
  }
  const require = createRequire(import.meta.url);
  const folder = "../../../node_modules/nsfwjs/dist/models/mobilenet_v2_mid";
  const model = require(`${folder}/model.min.js`) as Script;
  const shards = [1, 2].map((i) =>
    Buffer.from(require(`${folder}/group1-shard${i}of2.min.js`) as string, "base64"),
  );
  const runtime = await loadTfjs(nodeAssets);
  const { tf } = runtime;
  const network = await runtime.loadGraphModel({
    modelTopology: model.modelTopology,
    weightSpecs: model.weightsManifest.flatMap(({ weights }) => weights),
    weightData: new Uint8Array(Buffer.concat(shards)).buffer,
  });
  const output = tf.tidy(() => {
    const unit: Tensor3D = tf.div(
      tf.cast(tf.tensor3d(image.rgb, [image.height, image.width, 3], "int32"), "float32"),
      tf.scalar(255),
    );
    const resized = tf.reshape(tf.image.resizeBilinear(unit, [224, 224], true), [1, 224, 224, 3]);
    return network.execute(
      resized,
      model.modelTopology.node.find(({ name }) => name.endsWith("feature_vector/SpatialSqueeze"))?.name ?? "",
    );
  });
  network.dispose();
  return Float32Array.from((await (Array.isArray(output) ? output[0] : output)?.data()) ?? []);
}

describe("createMobileNetExtractor", () => {
  it.each([
    [288, 216],
    [100, 150],
  ])(
    "equals nsfwjs on an image of %i x %i",
    async (width, height) => {
      const image = waves(width, height);
      const expected = await packagesOwn(image);
      const { sequence, steps, mask } = await extractor.extract(image);
      expect([steps, sequence.length, [...mask], expected.length]).toEqual([1, 1792, [1], 1792]);
      const largest = Math.max(...sequence.map((value, i) => Math.abs(value - (expected[i] ?? NaN))));
      expect(largest).toBeLessThan(1e-3);
      expect(Math.max(...sequence)).toBeGreaterThan(0.5);
    },
    60_000,
  );

  it("takes a single pixel", async () => {
    const { sequence, quality } = await extractor.extract({
      width: 1,
      height: 1,
      rgb: Uint8Array.of(128, 128, 128),
    });
    expect(sequence.every(Number.isFinite)).toBe(true);
    expect(quality.score).toBeLessThan(0.05);
    expect(quality.problems.map(({ code }) => code)).toContain("image.small");
  });

  it("refuses pixels that do not fit the size, and work after it was closed", async () => {
    await expectRejection(
      extractor.extract({ width: 2, height: 2, rgb: new Uint8Array(16) }),
      "media.damaged",
      /must have 12 bytes.*has 16/,
    );
    const other = await createMobileNetExtractor({ readAsset: nodeAssets });
    other.close();
    await expectRejection(other.extract(waves(8, 8)), "internal");
  });

  it("names the file with unexpected content", async () => {
    const broken = (name: string, path: string): Promise<Uint8Array> =>
      path.includes("shard1") ? Promise.resolve(new Uint8Array(100)) : nodeAssets(name, path);
    await expectRejection(
      createMobileNetExtractor({ readAsset: broken }),
      "media.missing-package",
      /group1-shard1of2\.min\.js of nsfwjs is not usable/,
    );
  });
});
