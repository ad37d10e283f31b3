import { defined } from "../../core/defined.js";
import { z } from "zod";
import { EuarError } from "../../core/errors.js";
import { assetVersion } from "../asset-version.js";
import type { ReadAsset } from "../asset.js";
import type { AdapterIdentity, ExtractedFeatures, FeatureExtractor } from "../feature-extractor.js";
import { checkImage } from "../image/check-image.js";
import type { ImageMedia, VideoMedia } from "../media.js";
import { loadTfjs } from "../tfjs/tfjs-runtime.js";
import { cropSquare, greyOf, squareAround } from "./crop.js";
import { FaceAnalyser } from "./face-analyser.js";
import type { Detection } from "./face-detector.js";
import { embeddingNames, faceFeatureNames } from "./face-features.js";
import { FACE_PACKAGE } from "./face-models.js";
import { faceQuality, type FrameEvidence } from "./face-quality.js";

export const faceMeshOptions = z.object({
  /** Lowest score of a detection or mesh that counts as a face. */
  minScore: z.number().gt(0).lt(1).default(0.5),
  /** Appends the 1024 features of the face embedding, which distinguish persons more than moods. */
  embedding: z.boolean().default(false),
});

export type FaceMeshOptions = z.infer<typeof faceMeshOptions>;

/**
 * Extracts one row of named features per frame from a face in a video (see `faceFeatureNames` and
 * docs/features-face-video.md): head pose, gaze, seven expressions, estimated action units. A frame without a
 * face is a masked row of zeros.
 *
 * Follows the face of the previous frame if there are several. Starts with the largest face that is not at
 * the edge. Apart from that, a row depends only on its own frame. The networks are files of an installed
 * package, read through `readAsset`; nothing is downloaded.
 * @throws MediaError "media.missing-package"
 * @throws `extract` throws MediaError "media.damaged" if the pixels and size of a frame do not match
 */
export async function createFaceExtractor(
  options: FaceMeshOptions,
  { readAsset }: { readonly readAsset: ReadAsset },
): Promise<FeatureExtractor<VideoMedia>> {
  const [runtime, version] = await Promise.all([loadTfjs(readAsset), assetVersion(readAsset, FACE_PACKAGE)]);
  const analyser = await FaceAnalyser.load(readAsset, runtime, options);
  const featureNames = options.embedding ? [...faceFeatureNames, ...embeddingNames] : faceFeatureNames;
  const identity: AdapterIdentity = {
    adapter: "face/mesh",
    version: 1,
    packages: { [FACE_PACKAGE]: version, ...runtime.packages },
    options: { minScore: options.minScore, embedding: options.embedding },
    width: featureNames.length,
  };
  return new FaceExtractor(identity, featureNames, analyser);
}

/** Returns a picture as a video of one frame. */
export async function* asVideo(image: ImageMedia): VideoMedia {
  yield await Promise.resolve({ time: 0, image });
}

class FaceExtractor implements FeatureExtractor<VideoMedia> {
  readonly identity: AdapterIdentity;
  readonly featureNames: readonly string[];
  #analyser: FaceAnalyser | undefined;

  constructor(identity: AdapterIdentity, featureNames: readonly string[], analyser: FaceAnalyser) {
    this.identity = identity;
    this.featureNames = featureNames;
    this.#analyser = analyser;
  }

  async extract(media: VideoMedia, signal?: AbortSignal): Promise<ExtractedFeatures> {
    const starts: number[] = [];
    const rows: (readonly number[] | undefined)[] = [];
    const evidence: FrameEvidence[] = [];
    let previousFace: Detection | undefined;
    let previousLook: Float32Array | undefined;
    for await (const { time, image } of media) {
      signal?.throwIfAborted();
      checkImage(image);
      if (!this.#analyser) throw new EuarError("internal", "the face extractor was closed");
      const { face, others, picture } = this.#analyser.analyse(image, previousFace);
      const look = greyOf(cropSquare(image, squareAround(image), 32));
      evidence.push({
        faceFound: face !== undefined,
        faceHeight: face?.detection.height ?? 0,
        others,
        picture,
        change: previousLook && largestDifference(look, previousLook),
      });
      starts.push(time);
      rows.push(face?.values);
      previousFace = face?.detection;
      previousLook = look;
    }
    signal?.throwIfAborted();
    return { ...table(rows, this.identity.width), times: timesOf(starts), quality: faceQuality(evidence) };
  }

  close(): void {
    this.#analyser?.close();
    this.#analyser = undefined;
  }
}

/** Concatenates rows. A missing row becomes zeros with mask 0, and so does an empty list. */
function table(
  rows: readonly (readonly number[] | undefined)[],
  width: number,
): Pick<ExtractedFeatures, "steps" | "width" | "sequence" | "mask"> {
  const steps = Math.max(1, rows.length);
  const sequence = new Float32Array(steps * width); // [T, D]
  const mask = new Uint8Array(steps);
  rows.forEach((row, t) => {
    if (row === undefined) return;
    sequence.set(row, t * width);
    mask[t] = 1;
  });
  return { steps, width, sequence, mask };
}

/** Returns the times of frames, [T, 2]. A frame lasts until the next, the last as long as the one before. */
function timesOf(starts: readonly number[]): Float64Array {
  const times = new Float64Array(Math.max(1, starts.length) * 2);
  const last = starts.length - 1;
  const lastLength = last > 0 ? defined(starts[last]) - defined(starts[last - 1]) : 0;
  starts.forEach((start, t) => {
    times.set([start, starts[t + 1] ?? start + lastLength], t * 2);
  });
  return times;
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - defined(b[i]))), 0);
}
