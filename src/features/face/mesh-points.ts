/**
 * Points of the surface of a face: [P, 3] as x (right), y (down), z (away from the camera), in one unit. The
 * first 468 have the numbers of the canonical face mesh of arXiv:1907.06724.
 */
export type Mesh = Float64Array;

/**
 * Numbers of the points of both eyes. "left" is left in the picture of a face that looks at the camera, which
 * is the person's right.
 */
export const leftEye = {
  outer: 33,
  inner: 133,
  upper: [160, 159, 158],
  lower: [144, 145, 153],
  iris: 468,
} as const;
export const rightEye = {
  outer: 263,
  inner: 362,
  upper: [387, 386, 385],
  lower: [373, 374, 380],
  iris: 469,
} as const;

export const canonicalPoints = 468;
/** Number of points with the centres of both irises. */
export const meshPoints = 470;

/**
 * Eye contours in the order of the iris network's first points: nine of the lower lid from the outer to the
 * inner corner, then seven of the upper.
 */
export const leftEyeContour = [
  33, 7, 163, 144, 145, 153, 154, 155, 133, 246, 161, 160, 159, 158, 157, 173,
] as const;
export const rightEyeContour = [
  263, 249, 390, 373, 374, 380, 381, 382, 362, 466, 388, 387, 386, 385, 384, 398,
] as const;
