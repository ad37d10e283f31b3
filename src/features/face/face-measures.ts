import { defined } from "../../core/defined.js";
import { leftEye, rightEye, type Mesh } from "./mesh-points.js";

/**
 * Lengths of a face that muscles change, in units of the distance between the outer corners of the eyes.
 * Means of both sides if there are two.
 */
export interface FaceMeasures {
  /** Height of the inner end of the eyebrow above the corner of the eye. `browOuter`: of the outer end. */
  readonly browInner: number;
  readonly browOuter: number;
  /** Distance between the inner ends of the eyebrows. */
  readonly browGap: number;
  /** Distance of the lids, divided by the width of the eye. */
  readonly eyeOpening: number;
  /**
   * Depth of the lower lid below the line through the corners of the eye, divided by the width of the eye.
   */
  readonly lowerLid: number;
  /** Distance from the lower lid down to the cheek. */
  readonly cheek: number;
  /** Distance from the inner corner of the eye down to the wing of the nose. */
  readonly noseWing: number;
  /** Distance from the base of the nose down to the upper lip. */
  readonly upperLip: number;
  /** Distance from the line of the eyes down to the corners of the mouth. */
  readonly mouthCorner: number;
  /** Distance of the corners of the mouth below the middle of the upper lip's lower edge. */
  readonly cornerSag: number;
  /** Depth of the corners of the mouth behind its middle. */
  readonly cornerDepth: number;
  readonly mouthWidth: number;
  /** Height of the red of both lips. */
  readonly lips: number;
  /** Distance between the lips. */
  readonly lipGap: number;
  /** Distance from the lower lip down to the chin. */
  readonly chin: number;
  /** Distance from the base of the nose down to the chin. */
  readonly jaw: number;
}

/**
 * Measures a face.
 * @param mesh frontal mesh, see `frontalMesh`
 */
export function measureFace(mesh: Mesh): FaceMeasures {
  const x = (point: number): number => defined(mesh[point * 3]);
  const y = (point: number): number => defined(mesh[point * 3 + 1]);
  const z = (point: number): number => defined(mesh[point * 3 + 2]);
  const height = (...points: readonly number[]): number =>
    points.reduce((sum, point) => sum + y(point), 0) / points.length;
  const eyeWidth = (eye: typeof leftEye | typeof rightEye): number =>
    Math.max(1e-6, Math.abs(x(eye.outer) - x(eye.inner)));
  const opening = (eye: typeof leftEye | typeof rightEye): number =>
    (height(...eye.lower) - height(...eye.upper)) / eyeWidth(eye);
  const lidDepth = (eye: typeof leftEye | typeof rightEye): number =>
    (height(...eye.lower) - height(eye.outer, eye.inner)) / eyeWidth(eye);
  return {
    browInner: height(133, 362) - height(55, 107, 285, 336),
    browOuter: height(33, 263) - height(46, 70, 276, 300),
    browGap: x(285) - x(55),
    eyeOpening: (opening(leftEye) + opening(rightEye)) / 2,
    lowerLid: (lidDepth(leftEye) + lidDepth(rightEye)) / 2,
    cheek: height(205, 425) - height(145, 374),
    noseWing: height(98, 327) - height(133, 362),
    upperLip: y(0) - y(2),
    mouthCorner: height(61, 291) - height(33, 133, 263, 362),
    cornerSag: height(61, 291) - y(13),
    cornerDepth: (z(61) + z(291)) / 2 - z(13),
    mouthWidth: x(291) - x(61),
    lips: y(13) - y(0) + y(17) - y(14),
    lipGap: y(14) - y(13),
    chin: y(152) - y(17),
    jaw: y(152) - y(2),
  };
}
