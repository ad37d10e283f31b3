import type { ReadAsset } from "../asset.js";
import type { ImageMedia } from "../media.js";
import type { TfjsRuntime } from "../tfjs/tfjs-runtime.js";
import { cropSquare, greyOf, squareAround, type Square } from "./crop.js";
import { detectFaces, overlap, type Detection } from "./face-detector.js";
import { embeddingWidth, emotions, faceFeatures } from "./face-features.js";
import { faceSquare, findMesh } from "./face-mesh.js";
import { loadFaceModel, outputOf, type FaceModel } from "./face-models.js";
import { measurePicture, type PictureMeasures } from "./picture-measures.js";

export interface AnalysedFrame {
  /** Selected face; undefined if none was found. */
  readonly face: { readonly detection: Detection; readonly values: readonly number[] } | undefined;
  /** Number of other faces at least half as high as the selected one. */
  readonly others: number;
  readonly picture: PictureMeasures;
}

export interface AnalyserOptions {
  /** Lowest score of a detection or mesh that counts as a face. */
  readonly minScore: number;
  /** True to append the embedding to the features. */
  readonly embedding: boolean;
}

interface AnalyserModels {
  readonly detector: FaceModel;
  readonly mesh: FaceModel;
  readonly iris: FaceModel;
  readonly emotion: FaceModel;
  readonly embedding: FaceModel | undefined;
}

const emotionSide = 64;
const embeddingSide = 224;
/**
 * Scale from the square of the mesh to the detector's box, which the emotion network expects. The embedding
 * uses a slightly larger square.
 */
const emotionMargin = 1 / 1.5;
const embeddingMargin = 1.3 / 1.5;
/** Smallest overlap with the previous face that means the same person. */
const samePerson = 0.3;

/** Runs the face networks on pictures. Keeps no state between pictures. */
export class FaceAnalyser {
  readonly #models: AnalyserModels;
  readonly #minScore: number;

  private constructor(models: AnalyserModels, minScore: number) {
    this.#models = models;
    this.#minScore = minScore;
  }

  /** @throws MediaError "media.missing-package" */
  static async load(
    readAsset: ReadAsset,
    runtime: TfjsRuntime,
    { minScore, embedding }: AnalyserOptions,
  ): Promise<FaceAnalyser> {
    const [detector, mesh, iris, emotion] = await Promise.all([
      loadFaceModel("blazeface", readAsset, runtime),
      loadFaceModel("facemesh", readAsset, runtime),
      loadFaceModel("iris", readAsset, runtime),
      loadFaceModel("emotion", readAsset, runtime),
    ]);
    return new FaceAnalyser(
      {
        detector,
        mesh,
        iris,
        emotion,
        embedding: embedding ? await loadFaceModel("faceres", readAsset, runtime) : undefined,
      },
      minScore,
    );
  }

  /**
   * Analyses one picture.
   * @param previous face selected in the previous frame, which is followed; undefined for the first frame and
   * after one without a face
   */
  analyse(image: ImageMedia, previous: Detection | undefined): AnalysedFrame {
    const found = detectFaces(image, this.#models.detector, this.#minScore);
    const chosen = chooseFace(found, image, previous);
    const values = chosen && this.#valuesOf(image, chosen);
    const others =
      chosen === undefined
        ? 0
        : found.filter((other) => other !== chosen && other.height >= chosen.height / 2).length;
    return {
      face: chosen && values && { detection: chosen, values },
      others,
      picture: measurePicture(image, chosen === undefined ? squareAround(image) : faceSquare(chosen)),
    };
  }

  close(): void {
    const { detector, mesh, iris, emotion, embedding } = this.#models;
    for (const model of [detector, mesh, iris, emotion, embedding]) model?.dispose();
  }

  #valuesOf(image: ImageMedia, detection: Detection): number[] | undefined {
    const mesh = findMesh(image, detection, this.#models);
    if (mesh.score < this.#minScore) return undefined;
    const values = faceFeatures(mesh, detection, this.#emotionsOf(image, mesh.square), image.height);
    const { embedding } = this.#models;
    if (values === undefined || embedding === undefined) return values;
    return [...values, ...embeddingOf(image, mesh.square, embedding)];
  }

  #emotionsOf(image: ImageMedia, square: Square): Float32Array {
    const grey = greyOf(cropSquare(image, { ...square, side: square.side * emotionMargin }, emotionSide));
    const outputs = this.#models.emotion.run(
      grey.map((value) => value / 127.5 - 1),
      [1, emotionSide, emotionSide, 1],
    );
    return outputOf(outputs, emotions.length, "emotion");
  }
}

function embeddingOf(image: ImageMedia, square: Square, model: FaceModel): Float32Array {
  const colours = cropSquare(image, { ...square, side: square.side * embeddingMargin }, embeddingSide);
  return outputOf(model.run(colours, [1, embeddingSide, embeddingSide, 3]), embeddingWidth, "faceres");
}

/**
 * Selects the face of the previous frame's person, otherwise the largest face. A face at the edge of the
 * picture counts as half its size.
 */
export function chooseFace(
  found: readonly Detection[],
  image: Pick<ImageMedia, "width" | "height">,
  previous: Detection | undefined,
): Detection | undefined {
  if (previous !== undefined) {
    const followed = bestOf(found, (face) => overlap(face, previous));
    if (followed !== undefined && overlap(followed, previous) >= samePerson) return followed;
  }
  return bestOf(found, ({ centreX, centreY, height }) => {
    const [dx, dy] = [centreX / image.width - 0.5, centreY / image.height - 0.5];
    return height * (1 - Math.min(1, Math.sqrt(dx * dx + dy * dy) * 2) / 2);
  });
}

function bestOf(found: readonly Detection[], valueOf: (face: Detection) => number): Detection | undefined {
  let best: { face: Detection; value: number } | undefined;
  for (const face of found) {
    const value = valueOf(face);
    if (best === undefined || value > best.value) best = { face, value };
  }
  return best?.face;
}
