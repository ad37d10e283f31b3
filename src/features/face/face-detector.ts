import { defined } from "../../core/defined.js";
import { exp } from "../../core/math.js";
import type { ImageMedia } from "../media.js";
import { cropSquare, squareAround } from "./crop.js";
import { outputOf, type FaceModel } from "./face-models.js";

/** Detected face. Lengths are in pixels of the image. */
export interface Detection {
  /** Score in (0, 1). */
  readonly score: number;
  readonly centreX: number;
  readonly centreY: number;
  /** Width of the detector's box, which reaches from the eyebrows to the chin. */
  readonly width: number;
  readonly height: number;
  /**
   * x and y of the left eye in the picture, the other eye, the tip of the nose, the mouth, and the two ears.
   */
  readonly keypoints: Float64Array;
}

const inputSide = 256;
/** Number of values per anchor: centre, width, height, six points. */
const boxNumbers = 16;
/**
 * Grids of anchors: cells per side, anchors per cell (arXiv:1907.05047, section 3.2, for an input of 256).
 */
const grids = [
  { cells: 16, perCell: 2 },
  { cells: 8, perCell: 6 },
] as const;

/**
 * Detects the faces of an image, in descending order of score. Of overlapping boxes, keeps only the best.
 * @param minScore lowest score, in (0, 1)
 */
export function detectFaces(image: ImageMedia, model: FaceModel, minScore: number): Detection[] {
  const square = squareAround(image);
  const input = cropSquare(image, square, inputSide).map((value) => value / 127.5 - 1);
  const outputs = model.run(input, [1, inputSide, inputSide, 3]);
  const found: Detection[] = [];
  for (const { cells, perCell } of grids) {
    const anchors = cells * cells * perCell;
    const scores = outputOf(outputs, anchors, "blazeface");
    const boxes = outputOf(outputs, anchors * boxNumbers, "blazeface");
    for (let anchor = 0; anchor < anchors; anchor++) {
      const score = 1 / (1 + exp(-defined(scores[anchor])));
      if (score < minScore) continue;
      const cell = Math.floor(anchor / perCell);
      const [x, y] = [((cell % cells) + 0.5) / cells, (Math.floor(cell / cells) + 0.5) / cells];
      found.push(
        decode(
          boxes.subarray(anchor * boxNumbers, (anchor + 1) * boxNumbers),
          x,
          y,
          score,
          square.side,
          image,
        ),
      );
    }
  }
  return withoutOverlaps(found.sort((a, b) => b.score - a.score));
}

/** Decodes one box. Offsets are in pixels of the network's input, which shows the square around the image. */
function decode(
  numbers: Float32Array,
  anchorX: number,
  anchorY: number,
  score: number,
  side: number,
  image: ImageMedia,
): Detection {
  const offsetX = (image.width - side) / 2;
  const offsetY = (image.height - side) / 2;
  const x = (value: number | undefined): number => (defined(value) / inputSide + anchorX) * side + offsetX;
  const y = (value: number | undefined): number => (defined(value) / inputSide + anchorY) * side + offsetY;
  const keypoints = Float64Array.from({ length: 12 }, (_, i) =>
    i % 2 === 0 ? x(numbers[4 + i]) : y(numbers[4 + i]),
  );
  return {
    score,
    centreX: x(numbers[0]),
    centreY: y(numbers[1]),
    width: (defined(numbers[2]) / inputSide) * side,
    height: (defined(numbers[3]) / inputSide) * side,
    keypoints,
  };
}

const sameFace = 0.3;

function withoutOverlaps(sorted: readonly Detection[]): Detection[] {
  const kept: Detection[] = [];
  for (const detection of sorted)
    if (kept.every((other) => overlap(detection, other) < sameFace)) kept.push(detection);
  return kept;
}

/** Returns the intersection over union of two boxes, in [0, 1]. */
export function overlap(a: Detection, b: Detection): number {
  const width =
    Math.min(a.centreX + a.width / 2, b.centreX + b.width / 2) -
    Math.max(a.centreX - a.width / 2, b.centreX - b.width / 2);
  const height =
    Math.min(a.centreY + a.height / 2, b.centreY + b.height / 2) -
    Math.max(a.centreY - a.height / 2, b.centreY - b.height / 2);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / (a.width * a.height + b.width * b.height - width * height);
}
