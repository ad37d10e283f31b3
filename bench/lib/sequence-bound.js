import { hidden, widths } from "../cases.js";
import { nativeStatus, runNativePeak } from "euar/tensor";
import { compileVariants } from "../kernels/module.js";
import { measureMachine } from "./roofline.js";
import { significant } from "./statistics.js";

/**
 * Computes the minimum time of the products of one step of the sequence encoders on this core: in WebAssembly
 * SIMD, and with native kernels if they are built. Ignores everything else in the step.
 * @param {import("../cases.js").SequenceCase} sequenceCase
 */
export async function sequenceBound({ batch, steps, encoder }) {
  const rows = batch * steps;
  // Features are constants: the convolution has a forward product and one for the gradient of its weight.
  const features = Object.values(widths).reduce((sum, width) => sum + width, 0);
  const convolution = 2 * 2 * rows * 3 * features * hidden;
  // Query, key, value, output and two feed-forward maps: 12 H^2 weights, three products each.
  const maps = 3 * 2 * rows * 12 * hidden ** 2;
  // Two products forward; on the way back one of them again and four for the gradients.
  const attention = 7 * 2 * rows * steps * hidden;
  const count = Object.keys(widths).length * encoder.layers;
  const mflop = (convolution + count * (maps + attention)) / 1e6;
  const { peakGflops } = measureMachine(await compileVariants());
  return {
    mflop: Math.round(mflop),
    peakGflops,
    boundMs: significant(mflop / peakGflops),
    native: nativeBounds(mflop),
  };
}

function nativeBounds(mflop) {
  if (!nativeStatus().available) return undefined;
  const boundOf = (arithmetic) => {
    const peakGflops = Math.max(...Array.from({ length: 300 }, () => nativeSpeed(arithmetic)));
    return { peakGflops: significant(peakGflops), boundMs: significant(mflop / peakGflops) };
  };
  return { "euar native": boundOf("exact"), "euar native, fast arithmetic": boundOf("fast") };
}

/** Returns the speed of multiply and add in registers, in GFLOP/s. */
function nativeSpeed(arithmetic) {
  const from = performance.now();
  const operations = runNativePeak(20_000, arithmetic);
  return operations / (performance.now() - from) / 1e6;
}
