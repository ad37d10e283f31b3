import { measureFace, type FaceMeasures } from "./face-measures.js";
import { frontalMesh } from "./head-pose.js";
import type { Mesh } from "./mesh-points.js";

/**
 * Action units of the Facial Action Coding System (Ekman, Friesen and Hager 2002) that are visible in the
 * surface of a face, estimated from geometry alone.
 *
 * They are approximations. No coder's scores were used, and wrinkles and bulges are ignored. 6, 7, 9, 14, 20,
 * 23 and 28 are weak, because their main signs are not in the outline of the mesh. 43 (eyes closed) and 45
 * (blink) differ only in duration and share one number.
 */
export const actionUnits = [
  "au01",
  "au02",
  "au04",
  "au05",
  "au06",
  "au07",
  "au09",
  "au10",
  "au12",
  "au14",
  "au15",
  "au17",
  "au20",
  "au23",
  "au25",
  "au26",
  "au28",
  "au45",
] as const;

export type ActionUnit = (typeof actionUnits)[number];
/** Intensities: 0 = at rest or not visible, 1 = maximal. */
export type ActionUnitIntensities = Readonly<Record<ActionUnit, number>>;

/**
 * Estimates intensities from the points of a face. Compares the measures of its frontal mesh (see
 * `frontalMesh`, `measureFace`) with those of a fixed face at rest: medians over the calm faces in the face
 * package's pictures. So an intensity depends only on its own frame, and a person whose face at rest differs
 * has a constant offset.
 * @returns undefined for a mesh without extent
 */
export function actionUnitIntensities(mesh: Mesh): ActionUnitIntensities | undefined {
  const frontal = frontalMesh(mesh);
  return frontal && intensitiesOf(measureFace(frontal));
}

/**
 * Computes the intensities. Each formula is linear between a measure at rest and one at full intensity, or a
 * product of such terms if two signs must occur together.
 */
export function intensitiesOf(face: FaceMeasures): ActionUnitIntensities {
  const closed = ramp(face.eyeOpening, 0.22, 0.08);
  const raisedLid = ramp(face.lowerLid, 0.08, 0.02);
  const raisedCorners = ramp(face.cornerSag, -0.01, -0.035);
  const deepCorners = ramp(face.cornerDepth, 0.16, 0.24);
  const wide = ramp(face.mouthWidth, 0.6, 0.76);
  const smile = 0.5 * wide + 0.25 * raisedCorners + 0.25 * deepCorners;
  const jawDrop = ramp(face.jaw, 0.69, 0.87);
  return {
    au01: ramp(face.browInner, 0.19, 0.28),
    au02: ramp(face.browOuter, 0.16, 0.23),
    au04: 0.5 * ramp(face.browInner, 0.17, 0.11) + 0.5 * ramp(face.browGap, 0.285, 0.25),
    au05: ramp(face.eyeOpening, 0.32, 0.44),
    au06: 0.5 * ramp(face.cheek, 0.385, 0.3) + 0.5 * raisedLid,
    au07: raisedLid * (1 - closed),
    au09: ramp(face.noseWing, 0.43, 0.35),
    au10: ramp(face.upperLip, 0.125, 0.075),
    au12: smile,
    au14: deepCorners * (1 - smile),
    au15: ramp(face.cornerSag, 0.003, 0.05),
    au17: ramp(face.chin, 0.33, 0.24) * (1 - jawDrop),
    au20: wide * (1 - raisedCorners),
    au23: ramp(face.lips, 0.13, 0.08) * (1 - ramp(face.mouthWidth, 0.58, 0.68)),
    au25: ramp(face.lipGap, 0.025, 0.12),
    au26: jawDrop,
    au28: ramp(face.lips, 0.08, 0.03),
    au45: closed,
  };
}

/** Rises linearly from 0 at `rest` to 1 at `full`, and is constant beyond. `full` may be the smaller one. */
function ramp(value: number, rest: number, full: number): number {
  return Math.min(1, Math.max(0, (value - rest) / (full - rest)));
}
