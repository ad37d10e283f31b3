import { causeText } from "../../core/cause-text.js";
import { ConfigError, EuarError } from "../../core/errors.js";
import type { AdapterEnvironment } from "../adapter.js";
import type { AdapterIdentity, ExtractedFeatures, FeatureExtractor } from "../feature-extractor.js";
import type { ImageMedia } from "../media.js";
import { ModelFiles, requireSource } from "../onnx/model-files.js";
import { type ModelPlaceOptions, resolvePlace } from "../onnx/model-place.js";
import { loadOnnxRuntime, ONNX_PACKAGE, onnxVersion } from "../onnx/onnx-runtime.js";
import { OnnxSession } from "../onnx/onnx-session.js";
import { normaliseRows } from "../onnx/pooling.js";
import { checkImage } from "./check-image.js";
import { ImageNetwork } from "./image-network.js";
import type { PatchPooling } from "./image-poolings.js";
import { imageQuality } from "./image-quality.js";
import { type Layout, networkInput } from "./network-input.js";
import { type Preprocessing, readPreprocessing } from "./preprocessing.js";
import type { ResampleFilter } from "../../signal/resample-image.js";

const ADAPTER = "image/onnx";
const CONFIG_FILE = "preprocessor_config.json";

/**
 * Options of the adapter. An absent option has the value in the model's preprocessor_config.json, otherwise
 * that of torchvision's ImageNet networks.
 */
export interface OnnxImageOptions extends ModelPlaceOptions {
  /** Output of the network to read. Default: found by name and shape. */
  readonly output?: string | undefined;
  /** Pooling of a sequence of patches [1, T, D]. Default "mean". */
  readonly pooling?: PatchPooling;
  /** Divide the vector by its length. Default false. */
  readonly normalise?: boolean;
  /** Side of the square that the network reads, in pixels. */
  readonly side?: number | undefined;
  /**
   * Length of the image's shorter side before the middle square is cut out. 0: the whole image is stretched
   * to the square.
   */
  readonly shorter?: number | undefined;
  readonly filter?: ResampleFilter | undefined;
  /** Mean of values in [0, 1] as three numbers: "0.485 0.456 0.406". */
  readonly mean?: string | undefined;
  readonly std?: string | undefined;
  readonly channels?: "rgb" | "bgr" | undefined;
  readonly layout?: Layout | undefined;
}

/**
 * Extracts features of an image with any image encoder in ONNX.
 * @throws MediaError "media.not-found", "media.damaged", "media.unsupported", "media.too-large" for a missing
 * or unusable model, "media.missing-package"
 * @throws ConfigError
 * @throws `extract` throws MediaError "media.damaged" if pixels and size do not match
 */
export async function createOnnxImageExtractor(
  options: OnnxImageOptions,
  { readAsset, models }: AdapterEnvironment,
): Promise<FeatureExtractor<ImageMedia>> {
  const source = requireSource(models, ADAPTER);
  const { place, file, options: found } = resolvePlace(ADAPTER, options, source);
  const files = new ModelFiles(source, place);
  const described = await describedPreprocessing(files);
  const bytes = await files.model(file);
  const runtime = await loadOnnxRuntime(readAsset, ADAPTER);
  const session = await OnnxSession.open(runtime, bytes, files.name);
  try {
    const { pooling = "mean", normalise = false } = options;
    const network = ImageNetwork.create(session, pooling, options.output, options.layout);
    const preprocessing = settle(options, described, network.fixedSide);
    const { side } = preprocessing;
    const width = (await network.run(new Float32Array(3 * side * side), side)).length;
    const { filter, channels, shorter, mean, std } = preprocessing;
    const identity: AdapterIdentity = {
      adapter: ADAPTER,
      version: 1,
      packages: { ...files.digests, [ONNX_PACKAGE]: await onnxVersion(readAsset) },
      options: {
        ...found,
        output: network.output,
        pooling,
        normalise,
        side,
        shorter: shorter ?? 0,
        filter,
        mean: mean.join(" "),
        std: std.join(" "),
        channels,
        layout: network.layout,
      },
      width,
    };
    return new OnnxImageExtractor(identity, network, preprocessing, normalise);
  } catch (error) {
    session.close();
    throw error;
  }
}

async function describedPreprocessing(files: ModelFiles): Promise<Preprocessing> {
  const config = await files.json(CONFIG_FILE, false);
  try {
    return readPreprocessing(config);
  } catch (cause) {
    throw files.damaged(CONFIG_FILE, causeText(cause), cause);
  }
}

/**
 * Combines options and description. Options take precedence, except over a side that the network requires.
 */
function settle(
  options: OnnxImageOptions,
  described: Preprocessing,
  fixedSide: number | undefined,
): Preprocessing {
  const side = options.side ?? fixedSide ?? described.side;
  if (fixedSide !== undefined && side !== fixedSide)
    throw new ConfigError(
      "config.invalid",
      `${ADAPTER}: side ${side} is given, but the network reads ${fixedSide} pixels`,
      {
        hint: "Leave out side.",
      },
    );
  const scaled = described.shorter === null ? null : Math.round((described.shorter * side) / described.side);
  const shorter = options.shorter === undefined ? scaled : options.shorter === 0 ? null : options.shorter;
  if (shorter !== null && shorter < side)
    throw new ConfigError("config.invalid", `${ADAPTER}: shorter ${shorter} is less than the side ${side}`, {
      hint: "Give shorter=0 to stretch the whole image instead.",
    });
  return {
    side,
    shorter,
    filter: options.filter ?? described.filter,
    mean: numbersOf("mean", options.mean) ?? described.mean,
    std: numbersOf("std", options.std) ?? described.std,
    channels: options.channels ?? described.channels,
  };
}

function numbersOf(name: "mean" | "std", text: string | undefined): number[] | undefined {
  const numbers = text?.trim().split(/\s+/).map(Number);
  if (numbers === undefined) return undefined;
  if (numbers.length === 3 && numbers.every((x) => Number.isFinite(x) && (name === "mean" || x > 0)))
    return numbers;
  throw new ConfigError(
    "config.invalid",
    `${ADAPTER}: ${name} must be three ${name === "std" ? "positive " : ""}numbers with spaces between ` +
      `them, not "${text ?? ""}"`,
    { hint: `For example ${name}=0.5 0.5 0.5` },
  );
}

class OnnxImageExtractor implements FeatureExtractor<ImageMedia> {
  #network: ImageNetwork | undefined;

  constructor(
    readonly identity: AdapterIdentity,
    network: ImageNetwork,
    private readonly preprocessing: Preprocessing,
    private readonly normalise: boolean,
  ) {
    this.#network = network;
  }

  async extract(media: ImageMedia, signal?: AbortSignal): Promise<ExtractedFeatures> {
    if (!this.#network) throw new EuarError("internal", "the image extractor was closed");
    signal?.throwIfAborted();
    checkImage(media);
    const { width } = this.identity;
    const vector = await this.#network.run(
      networkInput(media, this.preprocessing, this.#network.layout),
      this.preprocessing.side,
    );
    const sequence = this.normalise ? normaliseRows(vector, width) : vector;
    return {
      steps: 1,
      width,
      sequence,
      times: new Float64Array(2),
      mask: Uint8Array.of(1),
      quality: imageQuality(media),
    };
  }

  close(): void {
    this.#network?.close();
    this.#network = undefined;
  }
}
