// Earlier versions of adamGrouped, for Adam without weight decay and scale. Measured by bench/kernels/run.js.
import { adam } from "../../src/tensor/kernels/optimiser/adam.as";
import { BLOCK } from "../constants";
import { gradientBlock, groupedWeightGradient } from "../../src/tensor/kernels/experts/grouped.as";

function power(base: f64, exponent: i32): f64 {
  let result: f64 = 1;
  for (let i = 0; i < exponent; i++) result *= base;
  return result;
}

/**
 * Version 1: scalar code. Sums the gradient of each weight when needed; two divisions and a square root per
 * weight.
 */
export function adamGroupedNaive(
  w: usize,
  m: usize,
  v: usize,
  x: usize,
  dout: usize,
  offsets: usize,
  rows: usize,
  experts: usize,
  inputs: usize,
  outputs: usize,
  steps: usize,
): void {
  for (let e: usize = 0; e < experts; e++) {
    const first = <usize>load<i32>(offsets + (e << 2));
    const end = <usize>load<i32>(offsets + (e << 2), 4);
    if (first == end) continue;
    const step = load<i32>(steps + (e << 2)) + 1;
    store<i32>(steps + (e << 2), step);
    const size = <f32>(1e-4 / (1 - power(0.9, step)));
    const root = <f32>sqrt<f64>(1 - power(0.999, step));
    for (let i: usize = 0; i < inputs; i++) {
      for (let j: usize = 0; j < outputs; j++) {
        let g: f32 = 0;
        for (let p = first; p < end; p++) {
          g +=
            load<f32>(x + ((<usize>load<i32>(rows + (p << 2)) * inputs + i) << 2)) *
            load<f32>(dout + ((p * outputs + j) << 2));
        }
        const o = ((e * inputs + i) * outputs + j) << 2;
        const m1 = load<f32>(m + o) + (g - load<f32>(m + o)) * 0.1;
        const v1 = load<f32>(v + o) * 0.999 + 0.001 * g * g;
        store<f32>(m + o, m1);
        store<f32>(v + o, v1);
        store<f32>(w + o, load<f32>(w + o) - (size * m1) / (sqrt<f32>(v1) / root + 1e-8));
      }
    }
  }
}

/**
 * Version 2: writes the gradient of all experts to memory (`gradient` [N, D, F], zero-filled here), then
 * steps the active experts.
 */
export function adamGroupedTwoPasses(
  w: usize,
  m: usize,
  v: usize,
  x: usize,
  dout: usize,
  offsets: usize,
  rows: usize,
  experts: usize,
  inputs: usize,
  outputs: usize,
  steps: usize,
  gradient: usize,
): void {
  const size = inputs * outputs;
  memory.fill(gradient, 0, (experts * size) << 2);
  groupedWeightGradient(x, dout, offsets, rows, experts, inputs, outputs, gradient);
  for (let e: usize = 0; e < experts; e++) {
    if (load<i32>(offsets + (e << 2)) == load<i32>(offsets + (e << 2), 4)) continue;
    const step = load<i32>(steps + (e << 2)) + 1;
    store<i32>(steps + (e << 2), step);
    adam(w, m, v, gradient, e * size, size, step);
  }
}

/**
 * Version 3: computes 16 rows of the gradient at a time, which stay in the first-level cache. `work`: 16 x F.
 */
export function adamGroupedBlocks(
  w: usize,
  m: usize,
  v: usize,
  x: usize,
  dout: usize,
  offsets: usize,
  rows: usize,
  experts: usize,
  inputs: usize,
  outputs: usize,
  steps: usize,
  work: usize,
): void {
  const outBytes = outputs << 2;
  for (let e: usize = 0; e < experts; e++) {
    const first = <usize>load<i32>(offsets + (e << 2));
    const end = <usize>load<i32>(offsets + (e << 2), 4);
    if (first == end) continue;
    const step = load<i32>(steps + (e << 2)) + 1;
    store<i32>(steps + (e << 2), step);
    for (let i: usize = 0; i < inputs; i += BLOCK) {
      const count = min(BLOCK, inputs - i);
      memory.fill(work, 0, count * outBytes);
      gradientBlock(
        x,
        inputs,
        rows + (first << 2),
        dout + first * outBytes,
        outputs,
        end - first,
        i,
        count,
        1,
        work,
      );
      const o = (e * inputs + i) * outBytes;
      adam(w + o, m + o, v + o, work, 0, count * outputs, step);
    }
  }
}
