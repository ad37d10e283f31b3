import { describe, expect, it } from "vitest";
import { actionUnitIntensities, actionUnits, type ActionUnit } from "./action-units.js";
import { gazeOf } from "./gaze.js";
import { headPose } from "./head-pose.js";
import type { Mesh } from "./mesh-points.js";
import { moveAll, syntheticFace, turned } from "./testing/synthetic-face.js";

function unitsOf(mesh: Mesh): Readonly<Record<ActionUnit, number>> {
  const units = actionUnitIntensities(mesh);
  if (units === undefined) throw new Error("the mesh has no extent");
  return units;
}

const upperLids = [160, 159, 158, 387, 386, 385];
const lowerLids = [144, 145, 153, 373, 374, 380];
const innerBrows = [55, 107, 285, 336];
const outerBrows = [46, 70, 276, 300];

describe("actionUnitIntensities", () => {
  it("a face at rest has next to none", () => {
    const units = unitsOf(syntheticFace());
    for (const unit of actionUnits) expect(units[unit], unit).toBeLessThan(0.1);
  });

  it.each([
    ["inner brows up", ["au01"], moveAll(innerBrows, [0, -9, 0])],
    ["outer brows up", ["au02"], moveAll(outerBrows, [0, -7, 0])],
    [
      "brows down and together",
      ["au04"],
      { 55: [2.5, 6, 0], 107: [2.5, 6, 0], 285: [-2.5, 6, 0], 336: [-2.5, 6, 0] },
    ],
    ["eyes wide open", ["au05"], moveAll(upperLids, [0, -4, 0])],
    [
      "cheeks and lower lids up",
      ["au06", "au07"],
      { ...moveAll([205, 425], [0, -8, 0]), ...moveAll(lowerLids, [0, -2, 0]) },
    ],
    ["nose wings up", ["au09"], moveAll([98, 327], [0, -9, 0])],
    ["upper lip up", ["au10"], moveAll([0], [0, -5, 0])],
    ["corners of the mouth up, out and back", ["au12"], { 61: [-8, -3, 7], 291: [8, -3, 7] }],
    ["corners of the mouth down", ["au15"], moveAll([61, 291], [0, 5, 0])],
    ["chin up", ["au17"], moveAll([152], [0, -9, 0])],
    ["mouth stretched", ["au20"], { 61: [-7, 0, 0], 291: [7, 0, 0] }],
    ["lips apart", ["au25"], moveAll([14, 17, 152], [0, 10, 0])],
    ["jaw down", ["au25", "au26"], { ...moveAll([14, 17], [0, 12, 0]), ...moveAll([152], [0, 20, 0]) }],
    ["lips sucked in", ["au23", "au28"], { 0: [0, 5.5, 0], 17: [0, -6, 0] }],
    ["eyes closed", ["au45"], moveAll(upperLids, [0, 8, 0])],
  ] as const satisfies readonly (readonly [
    string,
    readonly ActionUnit[],
    Readonly<Record<number, readonly [number, number, number]>>,
  ])[])("%s: %s", (_, expected, moves) => {
    const [moved, rest] = [unitsOf(syntheticFace(moves)), unitsOf(syntheticFace())];
    for (const unit of expected) expect(moved[unit] - rest[unit], unit).toBeGreaterThan(0.45);
  });

  it("does not depend on the position, size or tilt of the face", () => {
    const face = syntheticFace({
      ...moveAll(upperLids, [0, 2, 0]),
      61: [-5, -2, 4],
      291: [5, -2, 4],
      ...moveAll(innerBrows, [0, -4, 0]),
    });
    const expected = unitsOf(face);
    const elsewhere = turned(
      face.map((value) => value * 3.7),
      2,
      0.6,
    ).map((value, i) => value + (i % 3 === 0 ? 512 : 130));
    const got = unitsOf(elsewhere);
    for (const unit of actionUnits) expect(got[unit], unit).toBeCloseTo(expected[unit], 9);
  });

  it("nor when the head turns and nods, as far as the depth is right", () => {
    const face = syntheticFace({ 61: [-5, -2, 4], 291: [5, -2, 4] });
    const expected = unitsOf(face);
    for (const mesh of [turned(face, 1, 0.5), turned(face, 0, 0.3)]) {
      for (const unit of actionUnits) expect(unitsOf(mesh)[unit], unit).toBeCloseTo(expected[unit], 9);
    }
    // Depth is the least certain of a mesh's coordinates.
    const flattened = turned(face, 1, 0.3).map((value, i) => (i % 3 === 2 ? 0.8 * value : value));
    for (const unit of actionUnits)
      expect(Math.abs(unitsOf(flattened)[unit] - expected[unit]), unit).toBeLessThan(0.35);
  });

  it("is undefined for points that all coincide", () => {
    expect(actionUnitIntensities(new Float64Array(470 * 3))).toBeUndefined();
    expect(actionUnitIntensities(new Float64Array(470 * 3).fill(NaN))).toBeUndefined();
  });
});

describe("headPose and gazeOf", () => {
  it("measure the angle and the direction of the head", () => {
    const rest = headPose(syntheticFace());
    expect(rest.yaw).toBeCloseTo(0, 9);
    expect(rest.roll).toBeCloseTo(0, 9);
    expect(headPose(turned(syntheticFace(), 2, 0.4)).roll).toBeCloseTo(0.4, 9);
    expect(headPose(turned(syntheticFace(), 1, -0.4)).yaw).toBeCloseTo(0.4, 9);
    expect(headPose(turned(syntheticFace(), 0, -0.3)).pitch - rest.pitch).toBeCloseTo(0.3, 9);
  });

  it("the tip of the nose moves in the direction of yaw and pitch", () => {
    const nose = Float64Array.from([0, 0, -1]);
    expect(turned(nose, 1, -0.4)[0]).toBeGreaterThan(0);
    expect(turned(nose, 0, -0.3)[1]).toBeLessThan(0);
  });

  it("follow the irises, not the head", () => {
    expect(gazeOf(syntheticFace()).x).toBeCloseTo(0, 9);
    const looking = syntheticFace(moveAll([468, 469], [6, -3, 0]));
    const gaze = gazeOf(looking);
    expect(gaze.x).toBeCloseTo(6 / 32, 9);
    expect(gaze.y - gazeOf(syntheticFace()).y).toBeCloseTo(3 / 32, 3);
    expect(gazeOf(turned(looking, 2, 0.7)).x).toBeCloseTo(gaze.x, 9);
  });
});
