import { defined } from "../../core/defined.js";
import type { ImageMedia } from "../media.js";
import { cropSquare, toImage, type Square } from "./crop.js";
import type { Detection } from "./face-detector.js";
import { outputOf, type FaceModel } from "./face-models.js";
import {
  canonicalPoints,
  leftEye,
  leftEyeContour,
  meshPoints,
  rightEye,
  rightEyeContour,
  type Mesh,
} from "./mesh-points.js";

const meshSide = 192;
const irisSide = 64;
/** Number of points of the iris network: 71 of the eye and its surroundings, then the iris, centre first. */
const eyePoints = 71;
const irisPoints = 5;
const perEye = (eyePoints + irisPoints) * 3;
/**
 * Size of the mesh network's picture relative to the detector's box, and of the iris network's picture
 * relative to the distance of the eye's corners.
 */
const faceMargin = 1.5;
const eyeMargin = 2.3;

export interface FoundMesh {
  /** [470, 3] points in pixels of the image. */
  readonly mesh: Mesh;
  /** Probability that the picture shows a face, in [0, 1]. */
  readonly score: number;
  /** Square around the face, rotated with it. */
  readonly square: Square;
}

/** Returns the square around a detected face, rotated so that the eyes are level. */
export function faceSquare({ centreX, centreY, width, height, keypoints }: Detection): Square {
  const [dx, dy] = [
    defined(keypoints[2]) - defined(keypoints[0]),
    defined(keypoints[3]) - defined(keypoints[1]),
  ];
  const length = Math.sqrt(dx * dx + dy * dy);
  const [cos, sin] = length > 0 ? [dx / length, dy / length] : [1, 0];
  return { centreX, centreY, side: Math.max(width, height) * faceMargin, cos, sin };
}

/**
 * Finds the surface of a detected face. The iris network refines the contours of the eyes and adds the
 * irises.
 */
export function findMesh(
  image: ImageMedia,
  detection: Detection,
  models: { readonly mesh: FaceModel; readonly iris: FaceModel },
): FoundMesh {
  const square = faceSquare(detection);
  const input = cropSquare(image, square, meshSide).map((value) => value / 255);
  const outputs = models.mesh.run(input, [1, meshSide, meshSide, 3]);
  const points = outputOf(outputs, canonicalPoints * 3, "facemesh");
  const score = defined(outputOf(outputs, 1, "facemesh")[0]);
  const mesh = new Float64Array(meshPoints * 3);
  const scale = square.side / meshSide;
  for (let p = 0; p < canonicalPoints; p++) {
    const [x, y] = toImage(square, defined(points[p * 3]) / meshSide, defined(points[p * 3 + 1]) / meshSide);
    mesh.set([x, y, defined(points[p * 3 + 2]) * scale], p * 3);
  }
  refineEyes(image, mesh, square, models.iris);
  return { mesh, score, square };
}

/** Refines both eyes. The network expects the outer corner on the left, so the other eye is mirrored. */
function refineEyes(image: ImageMedia, mesh: Mesh, face: Square, model: FaceModel): void {
  const eyes = [
    { eye: leftEye, contour: leftEyeContour, mirrored: false },
    { eye: rightEye, contour: rightEyeContour, mirrored: true },
  ].map(({ eye, ...rest }) => ({ ...rest, eye, square: eyeSquare(mesh, eye.outer, eye.inner, face) }));
  const input = new Float32Array(eyes.length * irisSide * irisSide * 3);
  eyes.forEach(({ square, mirrored }, i) => {
    const crop = cropSquare(image, square, irisSide).map((value) => value / 255);
    input.set(mirrored ? mirror(crop, irisSide) : crop, i * crop.length);
  });
  const output = outputOf(
    model.run(input, [eyes.length, irisSide, irisSide, 3]),
    eyes.length * perEye,
    "iris",
  );
  eyes.forEach(({ eye, contour, square, mirrored }, i) => {
    const place = (from: number, to: number): void => {
      const u = defined(output[i * perEye + from * 3]) / irisSide;
      const v = defined(output[i * perEye + from * 3 + 1]) / irisSide;
      mesh.set(toImage(square, mirrored ? 1 - u : u, v), to * 3);
    };
    contour.forEach((to, from) => {
      place(from, to);
    });
    place(eyePoints, eye.iris);
    mesh[eye.iris * 3 + 2] = (defined(mesh[eye.inner * 3 + 2]) + defined(mesh[eye.outer * 3 + 2])) / 2;
  });
}

function eyeSquare(mesh: Mesh, outer: number, inner: number, face: Square): Square {
  const [x0, y0, x1, y1] = [
    defined(mesh[outer * 3]),
    defined(mesh[outer * 3 + 1]),
    defined(mesh[inner * 3]),
    defined(mesh[inner * 3 + 1]),
  ];
  const side = Math.sqrt((x1 - x0) * (x1 - x0) + (y1 - y0) * (y1 - y0)) * eyeMargin;
  return { centreX: (x0 + x1) / 2, centreY: (y0 + y1) / 2, side, cos: face.cos, sin: face.sin };
}

/** Swaps left and right of [side, side, 3]. */
function mirror(colours: Float32Array, side: number): Float32Array {
  return colours.map((_, i) => {
    const channel = i % 3;
    const pixel = (i - channel) / 3;
    const column = pixel % side;
    return defined(colours[(pixel - column + side - 1 - column) * 3 + channel]);
  });
}
