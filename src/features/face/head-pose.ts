import { defined } from "../../core/defined.js";
import { angleOf } from "../audio/arctangent.js";
import { leftEye, rightEye, type Mesh } from "./mesh-points.js";

type Vector = readonly [number, number, number];

/** Orientation of a head in radians. Zero is an upright face that looks straight into the camera. */
export interface HeadPose {
  /** Positive upwards. */
  readonly pitch: number;
  /** Positive to the right of the picture. */
  readonly yaw: number;
  /** Positive clockwise in the picture. */
  readonly roll: number;
}

/** Points of the midline that no expression moves: top of the forehead, base of the nose. */
const forehead = 10;
const noseBase = 2;
/** Outermost points of the face at the height of the eyes. */
const leftSide = 234;
const rightSide = 454;

/**
 * Angle of the line from the forehead to the base of the nose in a head that looks straight ahead; the nose
 * protrudes. Median over the frontal faces of the face package's pictures.
 */
const restPitch = 0.04;

/**
 * Returns the axes of the head as unit vectors of the picture: right, down, away from the camera
 * (right-handed). Undefined for a mesh without extent.
 */
export function headAxes(mesh: Mesh): { right: Vector; down: Vector; back: Vector } | undefined {
  const eyes = subtract(pointOf(mesh, rightEye.outer), pointOf(mesh, leftEye.outer));
  const sides = subtract(pointOf(mesh, rightSide), pointOf(mesh, leftSide));
  const right = unit([eyes[0] + sides[0], eyes[1] + sides[1], eyes[2] + sides[2]]);
  const midline = subtract(pointOf(mesh, noseBase), pointOf(mesh, forehead));
  const back = right && unit(cross(right, midline));
  if (right === undefined || back === undefined) return undefined;
  return { right, down: cross(back, right), back };
}

/**
 * Returns the angles of the axes: yaw and pitch of the viewing direction, roll of the line through the eyes.
 */
export function headPose(mesh: Mesh): HeadPose {
  const axes = headAxes(mesh);
  if (axes === undefined) return { pitch: 0, yaw: 0, roll: 0 };
  const [x, y, z] = axes.back;
  return {
    pitch: angleOf(y, Math.sqrt(x * x + z * z)) - restPitch,
    yaw: angleOf(-x, z),
    roll: angleOf(axes.right[1], axes.right[0]),
  };
}

/**
 * Rotates the mesh so that it looks at the camera, upright, with the origin between the inner corners of the
 * eyes, in units of the distance between the outer corners. Translation, scale and any rotation in space do
 * not change the result.
 * @returns [P, 3], or undefined for a mesh without extent
 */
export function frontalMesh(mesh: Mesh): Mesh | undefined {
  const axes = headAxes(mesh);
  const scale = length(subtract(pointOf(mesh, rightEye.outer), pointOf(mesh, leftEye.outer)));
  if (axes === undefined || scale === 0) return undefined;
  const [a, b] = [pointOf(mesh, leftEye.inner), pointOf(mesh, rightEye.inner)];
  const origin: Vector = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2];
  const frontal = new Float64Array(mesh.length);
  for (let p = 0; p < mesh.length / 3; p++) {
    const d = subtract(pointOf(mesh, p), origin);
    frontal.set([dot(d, axes.right) / scale, dot(d, axes.down) / scale, dot(d, axes.back) / scale], p * 3);
  }
  return frontal;
}

function pointOf(mesh: Mesh, point: number): Vector {
  return [defined(mesh[point * 3]), defined(mesh[point * 3 + 1]), defined(mesh[point * 3 + 2])];
}

function subtract(a: Vector, b: Vector): Vector {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function length(a: Vector): number {
  return Math.sqrt(dot(a, a));
}

function unit(a: Vector): Vector | undefined {
  const size = length(a);
  return size > 0 && Number.isFinite(size) ? [a[0] / size, a[1] / size, a[2] / size] : undefined;
}
