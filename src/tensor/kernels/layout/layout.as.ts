// Copies between layouts.

/**
 * Gathers rows; a negative index gives zeros. Returns the position of the first index that is too large, or
 * -1.
 */
export function gatherRows(
  a: usize, rows: usize, width: usize, indices: usize, count: usize, out: usize,
): i32 {
  const bytes = width << 2;
  for (let i: usize = 0; i < count; i++) {
    const row = load<i32>(indices + (i << 2));
    if (row >= <i32>rows) return <i32>i;
    if (row < 0) memory.fill(out, 0, bytes);
    else memory.copy(out, a + <usize>row * bytes, bytes);
    out += bytes;
  }
  return -1;
}

/** da[indices[i]] += dout[i]. Skips negative indices. Returns the same as `gatherRows`. */
export function scatterAddRows(
  dout: usize, width: usize, indices: usize, count: usize, da: usize, rows: usize,
): i32 {
  const bytes = width << 2;
  for (let i: usize = 0; i < count; i++) {
    const row = load<i32>(indices + (i << 2));
    if (row >= <i32>rows) return <i32>i;
    if (row >= 0) addRow(dout, da + <usize>row * bytes, width);
    dout += bytes;
  }
  return -1;
}

// @ts-ignore: decorator
@inline
export function addRow(from: usize, to: usize, width: usize): void {
  for (; width >= 4; width -= 4) {
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
    from += 16;
    to += 16;
  }
  for (; width > 0; width--) {
    store<f32>(to, load<f32>(to) + load<f32>(from));
    from += 4;
    to += 4;
  }
}

/** Inner two axes of a broadcast: out[i, j] = a[i * rowStep + j * columnStep], with steps in floats. */
export function broadcast2(
  a: usize, rowStep: usize, columnStep: usize, rows: usize, columns: usize, out: usize,
): void {
  const bytes = columns << 2;
  for (let i: usize = 0; i < rows; i++) {
    const from = a + ((i * rowStep) << 2);
    if (columnStep == 1) {
      memory.copy(out, from, bytes);
    } else {
      const value = load<f32>(from);
      for (let j: usize = 0; j < columns; j++) store<f32>(out + (j << 2), value);
    }
    out += bytes;
  }
}

/** Transposes four axes, given the extents of the output and the stride of each in the input (in floats). */
export function permute4(
  a: usize, n0: usize, n1: usize, n2: usize, n3: usize, s0: usize, s1: usize, s2: usize, s3: usize,
  out: usize,
): void {
  const bytes = n3 << 2;
  const step = s3 << 2;
  for (let i: usize = 0; i < n0; i++) {
    for (let j: usize = 0; j < n1; j++) {
      for (let k: usize = 0; k < n2; k++) {
        let from = a + ((i * s0 + j * s1 + k * s2) << 2);
        if (s3 == 1) {
          memory.copy(out, from, bytes);
          out += bytes;
        } else {
          for (const end = out + bytes; out < end; out += 4) {
            store<f32>(out, load<f32>(from));
            from += step;
          }
        }
      }
    }
  }
}
