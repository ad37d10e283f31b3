import { meshPoints, type Mesh } from "../mesh-points.js";

/**
 * Points of a face at rest that looks straight into the camera, in hundredths of the distance between the
 * outer corners of its eyes: x, y, z. Only the measured points.
 */
const restingPoints: Readonly<Record<number, readonly [number, number, number]>> = {
  // Midline: forehead, base of the nose, lips from above to below, chin.
  10: [0, -60, -10],
  2: [0, 55, -14],
  0: [0, 68.4, -20],
  13: [0, 76, -18],
  14: [0, 77, -18],
  17: [0, 84, -17],
  152: [0, 118.4, 0],
  // Sides of the face, eyes' corners, lids, irises.
  ...pair(234, 454, 75, 10, 60),
  ...pair(33, 263, 50, 0, 5),
  ...pair(133, 362, 18, 0, 0),
  ...lid([160, 159, 158], [387, 386, 385], -6),
  ...lid([144, 145, 153], [373, 374, 380], 3),
  ...pair(468, 469, 34, -1.5, -1),
  // Eyebrows, inner and outer ends.
  ...pair(55, 285, 14.7, -17, -6),
  ...pair(107, 336, 14, -19, -6),
  ...pair(46, 276, 52, -14, 0),
  ...pair(70, 300, 54, -16, 0),
  // Cheeks, wings of the nose, corners of the mouth.
  ...pair(205, 425, 40, 42, 0),
  ...pair(98, 327, 13, 45.5, -5),
  ...pair(61, 291, 29, 75, -2.5),
};

function pair(
  left: number,
  right: number,
  x: number,
  y: number,
  z: number,
): Record<number, readonly [number, number, number]> {
  return { [left]: [-x, y, z], [right]: [x, y, z] };
}

function lid(
  left: readonly number[],
  right: readonly number[],
  y: number,
): Record<number, readonly [number, number, number]> {
  return Object.fromEntries(
    [-5, 0, 5].flatMap((dx, i) => [
      [left[i] ?? 0, [-34 + dx, y, -2]],
      [right[i] ?? 0, [34 - dx, y, -2]],
    ]),
  );
}

/** Returns the face at rest, [470, 3], with some points moved, in the same hundredths. */
export function syntheticFace(moves: Readonly<Record<number, readonly [number, number, number]>> = {}): Mesh {
  const mesh = new Float64Array(meshPoints * 3);
  for (const [point, position] of Object.entries(restingPoints)) {
    const move = moves[Number(point)] ?? [0, 0, 0];
    mesh.set(
      position.map((value, axis) => value + (move[axis] ?? 0)),
      Number(point) * 3,
    );
  }
  return mesh;
}

/** Moves several points by the same offset. */
export function moveAll(
  points: readonly number[],
  move: readonly [number, number, number],
): Record<number, readonly [number, number, number]> {
  return Object.fromEntries(points.map((point) => [point, move]));
}

/** Rotates a mesh about an axis of the picture (0: x, 1: y, 2: z) by an angle in radians. */
export function turned(mesh: Mesh, axis: 0 | 1 | 2, angle: number): Mesh {
  const [a, b] = (
    [
      [1, 2],
      [2, 0],
      [0, 1],
    ] as const
  )[axis];
  const result = Float64Array.from(mesh);
  for (let p = 0; p < mesh.length; p += 3) {
    const [first, second] = [mesh[p + a] ?? 0, mesh[p + b] ?? 0];
    result[p + a] = first * Math.cos(angle) - second * Math.sin(angle);
    result[p + b] = first * Math.sin(angle) + second * Math.cos(angle);
  }
  return result;
}
