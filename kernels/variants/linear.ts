// Earlier versions of groupedLinear. Measured by bench/kernels/run.js.
import { tile1x1, tile1x12, tile2x1, tile2x6, tile3x1, tile3x4, tile4x1, tile4x3 } from "../tile";

/** Version 1: three loops over scalars. */
export function groupedLinearNaive(
  x: usize,
  weight: usize,
  bias: usize,
  offsets: usize,
  rows: usize,
  experts: usize,
  inputs: usize,
  outputs: usize,
  out: usize,
): void {
  for (let e: usize = 0; e < experts; e++) {
    const w = weight + ((e * inputs * outputs) << 2);
    for (let p = <usize>load<i32>(offsets + (e << 2)); p < <usize>load<i32>(offsets + (e << 2), 4); p++) {
      const row = x + ((<usize>load<i32>(rows + (p << 2)) * inputs) << 2);
      for (let j: usize = 0; j < outputs; j++) {
        let sum = load<f32>(bias + ((e * outputs + j) << 2));
        for (let i: usize = 0; i < inputs; i++)
          sum += load<f32>(row + (i << 2)) * load<f32>(w + ((i * outputs + j) << 2));
        store<f32>(out + ((p * outputs + j) << 2), sum);
      }
    }
  }
}

/**
 * Version 2: one sample, one row of W and four columns at a time. Reads the weights once per sample. Needs
 * outputs % 4 == 0.
 */
export function groupedLinearRows(
  x: usize,
  weight: usize,
  bias: usize,
  offsets: usize,
  rows: usize,
  experts: usize,
  inputs: usize,
  outputs: usize,
  out: usize,
): void {
  const bytes = outputs << 2;
  for (let e: usize = 0; e < experts; e++) {
    for (let p = <usize>load<i32>(offsets + (e << 2)); p < <usize>load<i32>(offsets + (e << 2), 4); p++) {
      const row = x + ((<usize>load<i32>(rows + (p << 2)) * inputs) << 2);
      const to = out + p * bytes;
      let w = weight + e * inputs * bytes;
      memory.copy(to, bias + e * bytes, bytes);
      for (let i: usize = 0; i < inputs; i++) {
        const s = v128.load32_splat(row + (i << 2));
        for (let j: usize = 0; j < bytes; j += 16)
          v128.store(to + j, f32x4.add(v128.load(to + j), f32x4.mul(s, v128.load(w + j))));
        w += bytes;
      }
    }
  }
}

const packed = memory.data(4096 * 16, 64);

/**
 * Version 3: register tiles over the whole depth, at most `tallest` rows high (4 x 12, 3 x 16, 2 x 24, 1 x
 * 48). Reads the weights by columns, which prefetchers do not follow, and again for every four samples. Needs
 * outputs % 4 == 0, inputs <= 4096.
 */
export function groupedLinearTiles(
  x: usize,
  weight: usize,
  bias: usize,
  offsets: usize,
  rows: usize,
  experts: usize,
  inputs: usize,
  outputs: usize,
  out: usize,
  tallest: usize,
): void {
  const bytes = outputs << 2;
  for (let e: usize = 0; e < experts; e++) {
    const end = <usize>load<i32>(offsets + (e << 2), 4);
    const w = weight + e * inputs * bytes;
    for (let p = <usize>load<i32>(offsets + (e << 2)); p < end;) {
      const height = min(tallest, end - p);
      for (let r: usize = 0; r < height; r++) {
        memory.copy(out + (p + r) * bytes, bias + e * bytes, bytes);
        const row = x + ((<usize>load<i32>(rows + ((p + r) << 2)) * inputs) << 2);
        for (let i: usize = 0; i < inputs; i++)
          store<f32>(packed + ((i * height + r) << 2), load<f32>(row + (i << 2)));
      }
      const to = out + p * bytes;
      let j: usize = 0;
      if (height == 4) {
        for (; j + 48 <= bytes; j += 48) tile4x3(packed, w + j, bytes, to + j, bytes, inputs);
        for (; j < bytes; j += 16) tile4x1(packed, w + j, bytes, to + j, bytes, inputs);
      } else if (height == 3) {
        for (; j + 64 <= bytes; j += 64) tile3x4(packed, w + j, bytes, to + j, bytes, inputs);
        for (; j < bytes; j += 16) tile3x1(packed, w + j, bytes, to + j, bytes, inputs);
      } else if (height == 2) {
        for (; j + 96 <= bytes; j += 96) tile2x6(packed, w + j, bytes, to + j, bytes, inputs);
        for (; j < bytes; j += 16) tile2x1(packed, w + j, bytes, to + j, bytes, inputs);
      } else {
        for (; j + 192 <= bytes; j += 192) tile1x12(packed, w + j, bytes, to + j, bytes, inputs);
        for (; j < bytes; j += 16) tile1x1(packed, w + j, bytes, to + j, bytes, inputs);
      }
      p += height;
    }
  }
}
