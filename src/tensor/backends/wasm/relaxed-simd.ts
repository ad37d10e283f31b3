import { webAssembly } from "./webassembly.js";

const SPLAT_ZERO = [65, 0, 253, 17]; // i32.const 0, i32x4.splat
const BODY = [0, ...SPLAT_ZERO, ...SPLAT_ZERO, ...SPLAT_ZERO, 253, 133, 2, 11]; // f32x4.relaxed_madd, end

/** A module with one function, which returns a fused multiply-add. */
const PROBE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0], // magic number and version
  ...[1, 5, 1, 96, 0, 1, 123], // type: no parameters, one v128
  ...[3, 2, 1, 0], // one function of that type
  ...[10, BODY.length + 2, 1, BODY.length, ...BODY],
);

/** Returns true if the engine has relaxed SIMD, with which multiply and add can be fused. */
export function hasRelaxedSimd(): boolean {
  return webAssembly().validate(PROBE);
}
