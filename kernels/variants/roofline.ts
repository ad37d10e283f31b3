// Upper bounds of WebAssembly SIMD on this machine, measured by the simplest loops, for comparison with the
// kernels.

/**
 * 12 chains of multiply and add in registers; two more registers hold constants. 12 * 8 * rounds operations.
 * Returns the result so that the compiler drops nothing.
 */
export function peak(rounds: i32, factor: f32, summand: f32): f32 {
  let a0 = f32x4.splat(0.1),
    a1 = f32x4.splat(0.2),
    a2 = f32x4.splat(0.3),
    a3 = f32x4.splat(0.4),
    a4 = f32x4.splat(0.5),
    a5 = f32x4.splat(0.6);
  let a6 = f32x4.splat(0.7),
    a7 = f32x4.splat(0.8),
    a8 = f32x4.splat(0.9),
    a9 = f32x4.splat(1.1),
    a10 = f32x4.splat(1.2),
    a11 = f32x4.splat(1.3);
  const b = f32x4.splat(factor); // constants would be made anew in every round
  const c = f32x4.splat(summand);
  for (let i = 0; i < rounds; i++) {
    a0 = f32x4.add(f32x4.mul(a0, b), c);
    a1 = f32x4.add(f32x4.mul(a1, b), c);
    a2 = f32x4.add(f32x4.mul(a2, b), c);
    a3 = f32x4.add(f32x4.mul(a3, b), c);
    a4 = f32x4.add(f32x4.mul(a4, b), c);
    a5 = f32x4.add(f32x4.mul(a5, b), c);
    a6 = f32x4.add(f32x4.mul(a6, b), c);
    a7 = f32x4.add(f32x4.mul(a7, b), c);
    a8 = f32x4.add(f32x4.mul(a8, b), c);
    a9 = f32x4.add(f32x4.mul(a9, b), c);
    a10 = f32x4.add(f32x4.mul(a10, b), c);
    a11 = f32x4.add(f32x4.mul(a11, b), c);
  }
  const s = f32x4.add(
    f32x4.add(f32x4.add(a0, a1), f32x4.add(a2, a3)),
    f32x4.add(f32x4.add(a4, a5), f32x4.add(a6, a7)),
  );
  return f32x4.extract_lane(f32x4.add(s, f32x4.add(f32x4.add(a8, a9), f32x4.add(a10, a11))), 0);
}

/** Reads `bytes` once. */
export function readStream(p: usize, bytes: usize): f32 {
  let a0 = f32x4.splat(0);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  for (const end = p + bytes; p < end; p += 64) {
    a0 = f32x4.add(a0, v128.load(p));
    a1 = f32x4.add(a1, v128.load(p, 16));
    a2 = f32x4.add(a2, v128.load(p, 32));
    a3 = f32x4.add(a3, v128.load(p, 48));
  }
  return f32x4.extract_lane(f32x4.add(f32x4.add(a0, a1), f32x4.add(a2, a3)), 0);
}

/** Reads and writes three arrays of `bytes` each, like Adam, with almost no arithmetic. */
export function updateStreams(w: usize, m: usize, v: usize, bytes: usize): void {
  const c = f32x4.splat(0.999);
  for (const end = w + bytes; w < end; w += 32) {
    v128.store(w, f32x4.mul(v128.load(w), c));
    v128.store(m, f32x4.mul(v128.load(m), c));
    v128.store(v, f32x4.mul(v128.load(v), c));
    v128.store(w, f32x4.mul(v128.load(w, 16), c), 16);
    v128.store(m, f32x4.mul(v128.load(m, 16), c), 16);
    v128.store(v, f32x4.mul(v128.load(v, 16), c), 16);
    m += 32;
    v += 32;
  }
}

/**
 * One square root and one division per vector, in registers: the lower bound of Adam's arithmetic. 2 * rounds
 * vectors.
 */
export function rootAndQuotient(rounds: i32): f32 {
  let a = f32x4.splat(1.5);
  let b = f32x4.splat(2.5);
  const one = f32x4.splat(1);
  let s = f32x4.splat(0);
  let t = s;
  for (let i = 0; i < rounds; i++) {
    s = f32x4.add(s, f32x4.div(one, f32x4.sqrt(a)));
    t = f32x4.add(t, f32x4.div(one, f32x4.sqrt(b)));
    a = f32x4.add(a, one);
    b = f32x4.add(b, one);
  }
  return f32x4.extract_lane(f32x4.add(s, t), 0);
}
