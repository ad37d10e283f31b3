import type { GraphModel } from "@tensorflow/tfjs-converter";
import type { io } from "@tensorflow/tfjs-core";
import { damagedAsset } from "../asset-version.js";
import type { ReadAsset } from "../asset.js";
import type { TfjsRuntime } from "../tfjs/tfjs-runtime.js";
import { type Literal, readExportedLiteral } from "./js-literal.js";

export const NSFWJS_PACKAGE = "nsfwjs";
const FOLDER = "dist/models/mobilenet_v2_mid";
const MODEL_FILE = `${FOLDER}/model.min.js`;

type ModelFile = Literal & {
  readonly modelTopology: object;
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: io.WeightsManifestEntry[];
  }[];
};

/**
 * Loads the network that nsfwjs calls MobileNetV2Mid. The package ships it as scripts, which are read as data
 * and never run.
 */
export async function loadMobileNet(readAsset: ReadAsset, runtime: TfjsRuntime): Promise<GraphModel> {
  const file = await readScript(readAsset, MODEL_FILE);
  if (!isModelFile(file))
    throw damagedAsset(NSFWJS_PACKAGE, MODEL_FILE, "it is not a TensorFlow.js graph model");
  const shards = await Promise.all(
    file.weightsManifest.flatMap(({ paths }) => paths).map((path) => readShard(readAsset, path)),
  );
  try {
    return await runtime.loadGraphModel({
      modelTopology: file.modelTopology,
      weightSpecs: file.weightsManifest.flatMap(({ weights }) => weights),
      weightData: await new Blob(shards).arrayBuffer(),
    });
  } catch (cause) {
    throw damagedAsset(NSFWJS_PACKAGE, MODEL_FILE, "its network or weights cannot be loaded", cause);
  }
}

async function readShard(readAsset: ReadAsset, path: string): Promise<Uint8Array<ArrayBuffer>> {
  const file = `${FOLDER}/${path}.min.js`;
  const base64 = await readScript(readAsset, file);
  if (typeof base64 !== "string") throw damagedAsset(NSFWJS_PACKAGE, file, "it does not hold weights");
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch (cause) {
    throw damagedAsset(NSFWJS_PACKAGE, file, "its weights are not base64", cause);
  }
}

async function readScript(readAsset: ReadAsset, path: string): Promise<Literal> {
  const source = new TextDecoder().decode(await readAsset(NSFWJS_PACKAGE, path));
  try {
    return readExportedLiteral(source);
  } catch (cause) {
    throw damagedAsset(NSFWJS_PACKAGE, path, "it does not hold the data expected", cause);
  }
}

function isModelFile(value: Literal): value is ModelFile {
  return (
    typeof value === "object" &&
    value !== null &&
    "modelTopology" in value &&
    "weightsManifest" in value &&
    Array.isArray(value.weightsManifest)
  );
}
