// Sums, means and maxima along one axis of [outer, axis, inner], and their backward passes.
import { rowDot, rowSum, storeTail } from "../../../../kernels/vector";

/** Index of the first maximum along a strided axis. NaN counts as the maximum. */
function argMax(p: usize, step: usize, count: usize): usize {
  let best: usize = 0;
  let champion = load<f32>(p);
  for (let i: usize = 1; i < count; i++) {
    const value = load<f32>(p + i * step);
    if (value > champion || (value != value && champion == champion)) {
      best = i;
      champion = value;
    }
  }
  return best;
}

/** out = scale * sum over the axis. */
export function reduceSum(a: usize, outer: usize, axis: usize, inner: usize, scale: f32, out: usize): void {
  if (inner == 1) {
    for (let o: usize = 0; o < outer; o++)
      store<f32>(out + (o << 2), rowSum(a + ((o * axis) << 2), axis) * scale);
    return;
  }
  const bytes = inner << 2;
  const factor = f32x4.splat(scale);
  for (let o: usize = 0; o < outer; o++) {
    const from = a + o * axis * bytes;
    for (let j: usize = 0; j < inner; j += 4) {
      let p = from + (j << 2);
      let sum = f32x4.splat(0);
      for (let i: usize = 0; i < axis; i++) {
        sum = f32x4.add(sum, v128.load(p));
        p += bytes;
      }
      sum = f32x4.mul(sum, factor);
      if (j + 4 <= inner) v128.store(out + (j << 2), sum);
      else storeTail(out + (j << 2), sum, inner - j);
    }
    out += bytes;
  }
}

/** da += dout * scale, repeated along the axis. */
export function reduceSumBackward(
  dout: usize,
  outer: usize,
  axis: usize,
  inner: usize,
  scale: f32,
  da: usize,
): void {
  const bytes = inner << 2;
  const factor = f32x4.splat(scale);
  for (let o: usize = 0; o < outer; o++) {
    if (inner == 1) {
      const d = f32x4.splat(load<f32>(dout) * scale);
      let rest = axis;
      for (; rest >= 4; rest -= 4) {
        v128.store(da, f32x4.add(v128.load(da), d));
        da += 16;
      }
      if (rest > 0) storeTail(da, f32x4.add(v128.load(da), d), rest);
      da += rest << 2;
    } else {
      for (let i: usize = 0; i < axis; i++) {
        for (let j: usize = 0; j < inner; j += 4) {
          const p = da + (j << 2);
          const value = f32x4.add(v128.load(p), f32x4.mul(v128.load(dout + (j << 2)), factor));
          if (j + 4 <= inner) v128.store(p, value);
          else storeTail(p, value, inner - j);
        }
        da += bytes;
      }
    }
    dout += bytes;
  }
}

export function reduceMax(a: usize, outer: usize, axis: usize, inner: usize, out: usize): void {
  const bytes = inner << 2;
  for (let o: usize = 0; o < outer; o++) {
    for (let j: usize = 0; j < inner; j++) {
      const p = a + o * axis * bytes + (j << 2);
      store<f32>(out, load<f32>(p + argMax(p, bytes, axis) * bytes));
      out += 4;
    }
  }
}

/** The first maximum gets the whole gradient. */
export function reduceMaxBackward(
  a: usize,
  outer: usize,
  axis: usize,
  inner: usize,
  dout: usize,
  da: usize,
): void {
  const bytes = inner << 2;
  for (let o: usize = 0; o < outer; o++) {
    for (let j: usize = 0; j < inner; j++) {
      const start = o * axis * bytes + (j << 2);
      const place = da + start + argMax(a + start, bytes, axis) * bytes;
      store<f32>(place, load<f32>(place) + load<f32>(dout));
      dout += 4;
    }
  }
}

/** out += column sums. Rows are summed in order. */
export function columnSums(a: usize, rows: usize, width: usize, out: usize): void {
  columnSumsPart(a, rows, width, out, width);
}

/** `width` columns of rows that are `stride` floats apart. */
export function columnSumsPart(a: usize, rows: usize, width: usize, out: usize, stride: usize): void {
  const bytes = stride << 2;
  for (let j: usize = 0; j < width; j += 4) {
    let p = a + (j << 2);
    let sum = f32x4.splat(0);
    for (let i: usize = 0; i < rows; i++) {
      sum = f32x4.add(sum, v128.load(p));
      p += bytes;
    }
    const place = out + (j << 2);
    sum = f32x4.add(v128.load(place), sum);
    if (j + 4 <= width) v128.store(place, sum);
    else storeTail(place, sum, width - j);
  }
}

/** out[i] += sum of row i. */
export function rowSums(a: usize, rows: usize, width: usize, out: usize): void {
  for (let i: usize = 0; i < rows; i++) {
    store<f32>(out, load<f32>(out) + rowSum(a, width));
    a += width << 2;
    out += 4;
  }
}

/** Sum of squares in float64, because the error of a float32 norm grows with the number of elements. */
export function squaredNorm(a: usize, count: usize): f64 {
  let s0 = f64x2.splat(0);
  let s1 = s0;
  for (; count >= 4; count -= 4) {
    const v = v128.load(a);
    const low = f64x2.promote_low_f32x4(v);
    const high = f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3));
    s0 = f64x2.add(s0, f64x2.mul(low, low));
    s1 = f64x2.add(s1, f64x2.mul(high, high));
    a += 16;
  }
  let rest: f64 = 0;
  for (; count > 0; count--) {
    const v = <f64>load<f32>(a);
    rest += v * v;
    a += 4;
  }
  const sum = f64x2.add(s0, s1);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1) + rest;
}

/** da += y * (dy - sum(y dy)) per row. */
export function softmaxBackward(y: usize, rows: usize, width: usize, dy: usize, da: usize): void {
  const bytes = width << 2;
  for (let r: usize = 0; r < rows; r++) {
    const dot = f32x4.splat(rowDot(y, dy, width));
    for (let j: usize = 0; j < width; j += 4) {
      const o = j << 2;
      const value = f32x4.add(
        v128.load(da + o),
        f32x4.mul(v128.load(y + o), f32x4.sub(v128.load(dy + o), dot)),
      );
      if (j + 4 <= width) v128.store(da + o, value);
      else storeTail(da + o, value, width - j);
    }
    y += bytes;
    dy += bytes;
    da += bytes;
  }
}
