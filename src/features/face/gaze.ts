import { defined } from "../../core/defined.js";
import { frontalMesh } from "./head-pose.js";
import { leftEye, rightEye, type Mesh } from "./mesh-points.js";

/**
 * Direction of the gaze relative to the head: distance of the iris from the middle of the eye's corners,
 * divided by the width of the eye, mean of both eyes.
 */
export interface Gaze {
  /** Positive to the right of the picture. About -0.3 to 0.3. */
  readonly x: number;
  /** Positive upwards. About -0.2 to 0.2. */
  readonly y: number;
  /** Length of (x, y). */
  readonly strength: number;
}

/**
 * Computes the gaze. Translation, scale and rotation of the head do not change it, except for errors of the
 * mesh's depth.
 * @param mesh [470, 3] with the irises
 */
export function gazeOf(mesh: Mesh): Gaze {
  const frontal = frontalMesh(mesh);
  if (frontal === undefined) return { x: 0, y: 0, strength: 0 };
  const offsets = [leftEye, rightEye].map(({ outer, inner, iris }) => {
    const at = (point: number, axis: number): number => defined(frontal[point * 3 + axis]);
    const width = Math.max(1e-6, Math.abs(at(outer, 0) - at(inner, 0)));
    return {
      x: (at(iris, 0) - (at(outer, 0) + at(inner, 0)) / 2) / width,
      y: ((at(outer, 1) + at(inner, 1)) / 2 - at(iris, 1)) / width,
    };
  });
  const x = offsets.reduce((sum, offset) => sum + offset.x, 0) / offsets.length;
  const y = offsets.reduce((sum, offset) => sum + offset.y, 0) / offsets.length;
  return { x, y, strength: Math.sqrt(x * x + y * y) };
}
