import { defined } from "../../core/defined.js";
import { actionUnitIntensities, actionUnits } from "./action-units.js";
import type { Detection } from "./face-detector.js";
import type { FoundMesh } from "./face-mesh.js";
import { gazeOf } from "./gaze.js";
import { headPose } from "./head-pose.js";

/** Expressions in the order of the emotion network's outputs: probabilities with sum 1. */
export const emotions = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"] as const;

export const embeddingWidth = 1024;

/**
 * Names of a frame's features in order. Angles are in radians, sizes are fractions of the picture's height,
 * other ranges are in docs/features-face-video.md.
 */
export const faceFeatureNames: readonly string[] = [
  ...["pose.pitch", "pose.yaw", "pose.roll", "gaze.x", "gaze.y", "gaze.strength"],
  ...emotions.map((emotion) => `emotion.${emotion}`),
  ...actionUnits.map((unit) => `au.${unit.slice(2)}`),
  ...["face.size", "face.detectionScore", "face.meshScore"],
];

export const embeddingNames: readonly string[] = Array.from(
  { length: embeddingWidth },
  (_, i) => `embedding.${i}`,
);

/**
 * Returns the features of one frame without the embedding.
 * @param emotionShares [7] probabilities in the order of `emotions`
 * @returns undefined if any feature is not finite
 */
export function faceFeatures(
  found: FoundMesh,
  detection: Detection,
  emotionShares: Float32Array,
  imageHeight: number,
): number[] | undefined {
  const units = actionUnitIntensities(found.mesh);
  if (units === undefined) return undefined;
  const pose = headPose(found.mesh);
  const gaze = gazeOf(found.mesh);
  const values = [
    ...[pose.pitch, pose.yaw, pose.roll, gaze.x, gaze.y, gaze.strength],
    ...emotions.map((_, i) => defined(emotionShares[i])),
    ...actionUnits.map((unit) => units[unit]),
    ...[detection.height / imageHeight, detection.score, found.score],
  ];
  return values.every(Number.isFinite) ? values : undefined;
}
