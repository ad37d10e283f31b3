import type { GraphModel } from "@tensorflow/tfjs-converter";
import type { Tensor } from "@tensorflow/tfjs-core";
import { EuarError } from "../../core/errors.js";
import { assetVersion } from "../asset-version.js";
import type { ReadAsset } from "../asset.js";
import type { AdapterIdentity, ExtractedFeatures, FeatureExtractor } from "../feature-extractor.js";
import type { ImageMedia } from "../media.js";
import { loadTfjs, type TfjsRuntime } from "../tfjs/tfjs-runtime.js";
import { checkImage } from "./check-image.js";
import { imageQuality } from "./image-quality.js";
import { loadMobileNet, NSFWJS_PACKAGE } from "./mobilenet-model.js";
import { resizeBilinear } from "./resize.js";

const WIDTH = 1792;
const SIDE = 224;
/** Node of the last features, averaged over the image, before the network's own classifier. */
const FEATURES_NODE =
  "StatefulPartitionedCall/sequential/keras_layer/StatefulPartitionedCall/StatefulPartitionedCall" +
  "/StatefulPartitionedCall/predict/feature_vector/SpatialSqueeze";

export interface MobileNetOptions {
  readonly readAsset: ReadAsset;
}

/**
 * Extracts 1792 features of an image with a MobileNetV2 (Sandler et al. 2018, arXiv:1801.04381; width 1.4).
 * The package nsfwjs contains its weights, so no model hub is needed. They were trained to detect explicit
 * images. Use them if no ImageNet encoder can be downloaded.
 *
 * Preprocesses like that package: bytes / 255, bilinear to 224 x 224 for any shape.
 * @throws MediaError "media.missing-package"
 * @throws `extract` throws MediaError "media.damaged" if pixels and size do not match
 */
export async function createMobileNetExtractor({
  readAsset,
}: MobileNetOptions): Promise<FeatureExtractor<ImageMedia>> {
  const [runtime, version] = await Promise.all([
    loadTfjs(readAsset),
    assetVersion(readAsset, NSFWJS_PACKAGE),
  ]);
  const network = await loadMobileNet(readAsset, runtime);
  const identity: AdapterIdentity = {
    adapter: "image/mobilenet-v2-mid",
    version: 1,
    packages: { [NSFWJS_PACKAGE]: version, ...runtime.packages },
    options: {},
    width: WIDTH,
  };
  return new MobileNetExtractor(identity, runtime, network);
}

class MobileNetExtractor implements FeatureExtractor<ImageMedia> {
  readonly identity: AdapterIdentity;
  readonly #runtime: TfjsRuntime;
  #network: GraphModel | undefined;

  constructor(identity: AdapterIdentity, runtime: TfjsRuntime, network: GraphModel) {
    this.identity = identity;
    this.#runtime = runtime;
    this.#network = network;
  }

  async extract(media: ImageMedia, signal?: AbortSignal): Promise<ExtractedFeatures> {
    signal?.throwIfAborted();
    checkImage(media);
    const sequence = await this.#run(resizeBilinear(media, SIDE, SIDE, 1 / 255).values);
    return {
      steps: 1,
      width: WIDTH,
      sequence,
      times: new Float64Array(2),
      mask: Uint8Array.of(1),
      quality: imageQuality(media),
    };
  }

  close(): void {
    this.#network?.dispose();
    this.#network = undefined;
  }

  async #run(pixels: Float32Array): Promise<Float32Array> {
    if (!this.#network) throw new EuarError("internal", "the image extractor was closed");
    const { tf } = this.#runtime;
    const input = tf.tensor4d(pixels, [1, SIDE, SIDE, 3]);
    let output: Tensor | Tensor[] = [];
    try {
      output = this.#network.execute(input, FEATURES_NODE);
      const data = await (Array.isArray(output) ? output[0] : output)?.data();
      return Float32Array.from(data ?? []);
    } finally {
      tf.dispose([input, output]);
    }
  }
}
