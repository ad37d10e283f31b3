import type { GraphModel } from "@tensorflow/tfjs-converter";
import type { io, Tensor } from "@tensorflow/tfjs-core";
import { z } from "zod";
import { MediaError } from "../../core/errors.js";
import { damagedAsset } from "../asset-version.js";
import type { ReadAsset } from "../asset.js";
import type { TfjsRuntime } from "../tfjs/tfjs-runtime.js";

/**
 * Package with the weights of the face networks. Only its model files are read: none of its code runs, and
 * nothing is downloaded.
 */
export const FACE_PACKAGE = "@vladmandic/human";

/**
 * - blazeface: detector (Bazarevsky et al. 2019, "BlazeFace", arXiv:1907.05047), 256 x 256
 * - facemesh: 468 points (Kartynnik et al. 2019, "Real-time facial surface geometry from monocular video",
 * arXiv:1907.06724), 192 x 192
 * - iris: eye contour and iris (Ablavatski et al. 2020, "Real-time pupil tracking from monocular video",
 * arXiv:2006.11341), 64 x 64
 * - emotion: seven expressions (after Arriaga et al. 2017, "Real-time convolutional neural networks for
 * emotion and gender classification", arXiv:1710.07557), 64 x 64 grey
 * - faceres: 1024-d embedding of a face, 224 x 224
 */
export type FaceModelName = "blazeface" | "facemesh" | "iris" | "emotion" | "faceres";

/** Network that turns pictures into numbers. */
export interface FaceModel {
  /**
   * Runs the network.
   * @param input [N, side, side, channels]
   * @returns all outputs, flat, in no particular order
   */
  run(input: Float32Array, shape: readonly [number, number, number, number]): Float32Array[];
  dispose(): void;
}

const modelFile = z.object({
  modelTopology: z.looseObject({}),
  // Names outputs inside of the network, such as the embedding.
  signature: z.looseObject({}).optional(),
  weightsManifest: z.array(
    z.object({
      paths: z.array(z.string().regex(/^[\w.-]+$/u)),
      weights: z.array(
        z.custom<io.WeightsManifestEntry>((value) => typeof value === "object" && value !== null),
      ),
    }),
  ),
});

/**
 * Loads a network.
 * @throws MediaError "media.missing-package" for a missing package, a missing file, or a file that is no
 * model
 */
export async function loadFaceModel(
  name: FaceModelName,
  readAsset: ReadAsset,
  runtime: TfjsRuntime,
): Promise<FaceModel> {
  const path = `models/${name}.json`;
  try {
    const file = modelFile.parse(JSON.parse(new TextDecoder().decode(await readAsset(FACE_PACKAGE, path))));
    const shards = await Promise.all(
      file.weightsManifest
        .flatMap(({ paths }) => paths)
        .map(async (part) => new Uint8Array(await readAsset(FACE_PACKAGE, `models/${part}`))),
    );
    const graph = await runtime.loadGraphModel({
      modelTopology: file.modelTopology,
      ...(file.signature === undefined ? {} : { signature: file.signature }),
      weightSpecs: file.weightsManifest.flatMap(({ weights }) => weights),
      weightData: await new Blob(shards).arrayBuffer(),
    });
    return {
      run: (input, shape) => execute(runtime, graph, input, shape),
      dispose: graph.dispose.bind(graph),
    };
  } catch (cause) {
    if (cause instanceof MediaError) throw cause;
    throw damagedAsset(FACE_PACKAGE, path, "it is not a model that can be loaded", cause);
  }
}

/**
 * Returns the output of a given length.
 * @throws MediaError "media.mismatch" for a network of another version with other outputs
 */
export function outputOf(
  outputs: readonly Float32Array[],
  length: number,
  name: FaceModelName,
): Float32Array {
  const found = outputs.find((output) => output.length === length);
  if (found !== undefined) return found;
  throw new MediaError(
    "media.mismatch",
    `the network ${name} of ${FACE_PACKAGE} has no output of ${length} numbers`,
    { hint: `Install the supported version: npm install ${FACE_PACKAGE}@3.3` },
  );
}

function execute(
  { tf }: TfjsRuntime,
  graph: GraphModel,
  input: Float32Array,
  shape: readonly [number, number, number, number],
): Float32Array[] {
  const tensors: Tensor[] = [tf.tensor4d(input, [...shape])];
  try {
    const result = graph.execute(tensors);
    const outputs: Tensor[] = Array.isArray(result) ? result : [result];
    tensors.push(...outputs);
    return outputs.map((output) => Float32Array.from(output.dataSync()));
  } finally {
    tf.dispose(tensors);
  }
}
