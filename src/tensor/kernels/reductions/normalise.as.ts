// Softmax, log-sum-exp and layer norm. One pass per row for each sum; rows are independent.
import { exp4, log4 } from "../../../../kernels/math";
import { laneMask, rowMax, rowSum, storeTail, sumLanes } from "../../../../kernels/vector";

/** Writes e^(x - largest) to `out` and returns the sum. */
function expRow(a: usize, width: usize, largest: f32, out: usize): f32 {
  const shift = f32x4.splat(largest);
  let sum = f32x4.splat(0);
  for (; width >= 4; width -= 4) {
    const e = exp4(f32x4.sub(v128.load(a), shift));
    v128.store(out, e);
    sum = f32x4.add(sum, e);
    a += 16;
    out += 16;
  }
  if (width > 0) {
    const e = exp4(f32x4.sub(v128.load(a), shift));
    storeTail(out, e, width);
    sum = f32x4.add(sum, v128.and(e, laneMask(width)));
  }
  return sumLanes(sum);
}

export function softmax(a: usize, rows: usize, width: usize, out: usize): void {
  const bytes = width << 2;
  for (let r: usize = 0; r < rows; r++) {
    const sum = f32x4.splat(expRow(a, width, rowMax(a, width), out));
    for (let j: usize = 0; j < width; j += 4) {
      const p = out + (j << 2);
      const value = f32x4.div(v128.load(p), sum);
      if (j + 4 <= width) v128.store(p, value);
      else storeTail(p, value, width - j);
    }
    a += bytes;
    out += bytes;
  }
}

/** `work` has space for one row. If the maximum is infinite, it is the result. */
export function logSumExp(a: usize, rows: usize, width: usize, out: usize, work: usize): void {
  for (let r: usize = 0; r < rows; r++) {
    const largest = rowMax(a, width);
    if (largest - largest == 0) {
      const sum = expRow(a, width, largest, work);
      store<f32>(out, largest + f32x4.extract_lane(log4(f32x4.splat(sum)), 0));
    } else {
      store<f32>(out, largest);
    }
    a += width << 2;
    out += 4;
  }
}

/** Normalises one row. Writes its mean and inverse deviation to `mean` and `inverseStd`. */
// @ts-ignore: decorator
@inline
function normaliseRow(
  a: usize, width: usize, gain: usize, bias: usize, epsilon: f32, out: usize, mean: usize, inverseStd: usize,
): void {
  const n = <f32>width;
  const m = rowSum(a, width) / n;
  const centre = f32x4.splat(m);
  let squares = f32x4.splat(0);
  for (let j: usize = 0; j < width; j += 4) {
    let d = f32x4.sub(v128.load(a + (j << 2)), centre);
    if (j + 4 > width) d = v128.and(d, laneMask(width - j));
    squares = f32x4.add(squares, f32x4.mul(d, d));
  }
  const s: f32 = 1 / sqrt<f32>(sumLanes(squares) / n + epsilon);
  const scale = f32x4.splat(s);
  for (let j: usize = 0; j < width; j += 4) {
    const o = j << 2;
    const normalised = f32x4.mul(f32x4.sub(v128.load(a + o), centre), scale);
    const value = f32x4.add(f32x4.mul(normalised, v128.load(gain + o)), v128.load(bias + o));
    if (j + 4 <= width) v128.store(out + o, value);
    else storeTail(out + o, value, width - j);
  }
  store<f32>(mean, m);
  store<f32>(inverseStd, s);
}

export function layerNorm(
  a: usize, rows: usize, width: usize, gain: usize, bias: usize, epsilon: f32, out: usize, mean: usize,
  inverseStd: usize,
): void {
  const bytes = width << 2;
  for (let r: usize = 0; r < rows; r++) {
    normaliseRow(a, width, gain, bias, epsilon, out, mean + (r << 2), inverseStd + (r << 2));
    a += bytes;
    out += bytes;
  }
}

/** sum = a + b, then its layer norm while the row is in the cache. */
export function addLayerNorm(
  a: usize, b: usize, rows: usize, width: usize, gain: usize, bias: usize, epsilon: f32, sum: usize,
  out: usize, mean: usize, inverseStd: usize,
): void {
  const bytes = width << 2;
  for (let r: usize = 0; r < rows; r++) {
    for (let j: usize = 0; j < width; j += 4) {
      const o = j << 2;
      const value = f32x4.add(v128.load(a + o), v128.load(b + o));
      if (j + 4 <= width) v128.store(sum + o, value);
      else storeTail(sum + o, value, width - j);
    }
    normaliseRow(sum, width, gain, bias, epsilon, out, mean + (r << 2), inverseStd + (r << 2));
    a += bytes;
    b += bytes;
    sum += bytes;
    out += bytes;
  }
}

/** `da` may be 0: then it only computes the gradients of gain and bias. */
export function layerNormBackward(
  a: usize, rows: usize, width: usize, gain: usize, mean: usize, inverseStd: usize, dout: usize, da: usize,
  dgain: usize, dbias: usize,
): void {
  layerNormInputs(a, rows, width, gain, mean, inverseStd, dout, da);
  layerNormParameters(a, rows, width, mean, inverseStd, dout, dgain, dbias, width);
}

/** Gradient of the input, row by row. Nothing for `da` = 0. */
export function layerNormInputs(
  a: usize, rows: usize, width: usize, gain: usize, mean: usize, inverseStd: usize, dout: usize, da: usize,
): void {
  if (da == 0) return;
  const bytes = width << 2;
  const n = <f32>width;
  for (let r: usize = 0; r < rows; r++) {
    const centre = v128.load32_splat(mean + (r << 2));
    const scale = v128.load32_splat(inverseStd + (r << 2));
    let sum = f32x4.splat(0);
    let dot = sum;
    for (let j: usize = 0; j < width; j += 4) {
      const o = j << 2;
      const normalised = f32x4.mul(f32x4.sub(v128.load(a + o), centre), scale);
      let d = f32x4.mul(v128.load(dout + o), v128.load(gain + o));
      let dn = f32x4.mul(d, normalised);
      if (j + 4 > width) {
        const mask = laneMask(width - j);
        d = v128.and(d, mask);
        dn = v128.and(dn, mask);
      }
      sum = f32x4.add(sum, d);
      dot = f32x4.add(dot, dn);
    }
    const meanSum = f32x4.splat(sumLanes(sum) / n);
    const meanDot = f32x4.splat(sumLanes(dot) / n);
    for (let j: usize = 0; j < width; j += 4) {
      const o = j << 2;
      const normalised = f32x4.mul(f32x4.sub(v128.load(a + o), centre), scale);
      const d = f32x4.mul(v128.load(dout + o), v128.load(gain + o));
      const inner = f32x4.sub(f32x4.sub(d, meanSum), f32x4.mul(normalised, meanDot));
      const value = f32x4.add(v128.load(da + o), f32x4.mul(scale, inner));
      if (j + 4 <= width) v128.store(da + o, value);
      else storeTail(da + o, value, width - j);
    }
    a += bytes;
    dout += bytes;
    da += bytes;
  }
}

/**
 * Gradients of gain and bias in `width` columns of rows that are `stride` floats apart. Rows are added in
 * order.
 */
export function layerNormParameters(
  a: usize, rows: usize, width: usize, mean: usize, inverseStd: usize, dout: usize, dgain: usize,
  dbias: usize, stride: usize,
): void {
  let j: usize = 0;
  for (; j + 8 <= width; j += 8) parameterColumns8(
    a + (j << 2), rows, mean, inverseStd, dout + (j << 2), dgain + (j << 2), dbias + (j << 2), stride,
  );
  for (; j < width; j += 4) {
    const o = j << 2;
    parameterColumns4(
      a + o, rows, mean, inverseStd, dout + o, dgain + o, dbias + o, stride, width - j < 4 ? width - j : 0,
    );
  }
}

function parameterColumns8(
  a: usize, rows: usize, mean: usize, inverseStd: usize, dout: usize, dgain: usize, dbias: usize,
  stride: usize,
): void {
  const bytes = stride << 2;
  let gain0 = v128.load(dgain);
  let gain1 = v128.load(dgain, 16);
  let bias0 = v128.load(dbias);
  let bias1 = v128.load(dbias, 16);
  for (const end = mean + (rows << 2); mean < end; mean += 4) {
    const centre = v128.load32_splat(mean);
    const scale = v128.load32_splat(inverseStd);
    const d0 = v128.load(dout);
    const d1 = v128.load(dout, 16);
    gain0 = f32x4.add(gain0, f32x4.mul(d0, f32x4.mul(f32x4.sub(v128.load(a), centre), scale)));
    gain1 = f32x4.add(gain1, f32x4.mul(d1, f32x4.mul(f32x4.sub(v128.load(a, 16), centre), scale)));
    bias0 = f32x4.add(bias0, d0);
    bias1 = f32x4.add(bias1, d1);
    inverseStd += 4;
    a += bytes;
    dout += bytes;
  }
  v128.store(dgain, gain0);
  v128.store(dgain, gain1, 16);
  v128.store(dbias, bias0);
  v128.store(dbias, bias1, 16);
}

/** 4 columns, of which the last `last` (1 to 3, or 0 for all 4) exist. */
function parameterColumns4(
  a: usize, rows: usize, mean: usize, inverseStd: usize, dout: usize, dgain: usize, dbias: usize,
  stride: usize, last: usize,
): void {
  const bytes = stride << 2;
  let toGain = v128.load(dgain);
  let toBias = v128.load(dbias);
  for (const end = mean + (rows << 2); mean < end; mean += 4) {
    const centred = f32x4.sub(v128.load(a), v128.load32_splat(mean));
    const normalised = f32x4.mul(centred, v128.load32_splat(inverseStd));
    const dy = v128.load(dout);
    toGain = f32x4.add(toGain, f32x4.mul(dy, normalised));
    toBias = f32x4.add(toBias, dy);
    inverseStd += 4;
    a += bytes;
    dout += bytes;
  }
  if (last == 0) {
    v128.store(dgain, toGain);
    v128.store(dbias, toBias);
  } else {
    storeTail(dgain, toGain, last);
    storeTail(dbias, toBias, last);
  }
}
