import { stepCases, hidden, topK, widths } from "../cases.js";
import { compileVariants, Sandbox } from "../kernels/module.js";
import { significant } from "./statistics.js";

/**
 * Bytes that Adam moves per weight: weight and two moments, read and written. The gradient is never in
 * memory.
 */
const adamBytes = 24;
/** Chains of multiply and add in kernels/variants/roofline.ts. */
const chains = 12;
/**
 * Additions, subtractions and multiplications of Adam per weight, in addition to its square root and
 * division.
 */
const adamOperations = 10;

/**
 * Computes the fastest possible step on this core from its unavoidable arithmetic and memory traffic.
 * Measures the limits of the core in WebAssembly SIMD: peak multiply-add, square roots with divisions, and
 * streams over arrays as large as the model's.
 * @param {{ log: (line: string) => void, steps?: Record<string, any> }} options steps: results of benchStep,
 * to compare with
 */
export async function benchRoofline({ log, steps = {} }) {
  log("roofline");
  const module = await compileVariants();
  const machine = measureMachine(module);
  const cases = stepCases.map((stepCase) => {
    const work = workOf(stepCase);
    const streams = measureStreams(module, work.parameters);
    const bound = boundOf(work, machine, streams);
    const measured = steps[stepCase.name]?.rows[0]?.medianMs;
    log(`  ${stepCase.name}: bound ${bound.totalMs} ms${measured ? `, measured ${measured} ms` : ""}`);
    return {
      case: stepCase.name,
      experts: stepCase.experts,
      batch: stepCase.batch,
      ...work,
      streams,
      bound,
      measuredMs: measured,
    };
  });
  return { date: new Date().toISOString(), machine, cases };
}

/**
 * Counts the products and memory traffic of the experts in one step. Everything else is below a tenth of it.
 */
function workOf({ experts, batch }) {
  const inputs = Object.values(widths).reduce((sum, width) => sum + width, 0);
  const outputs = 2 * hidden;
  const touchedShare = 1 - (1 - topK / experts) ** batch; // expected value for uniform choices
  const parameters = experts * inputs * outputs;
  const productMflop = (2 * batch * topK * inputs * outputs) / 1e6;
  return {
    parameters,
    touched: Math.round(parameters * touchedShare),
    forwardMflop: productMflop,
    gradientMflop: productMflop,
  };
}

function boundOf(
  { touched, forwardMflop, gradientMflop },
  { peakGflops, rootsPerNs },
  { readGBs, updateGBs },
) {
  const forward = { arithmeticMs: forwardMflop / peakGflops, memoryMs: (4 * touched) / readGBs / 1e6 };
  const adam = {
    arithmeticMs: (gradientMflop + (adamOperations * touched) / 1e6) / peakGflops,
    rootsMs: touched / rootsPerNs / 1e6,
    memoryMs: (adamBytes * touched) / updateGBs / 1e6,
  };
  const slowest = (part) => Math.max(...Object.values(part));
  const round = (part) =>
    Object.fromEntries(Object.entries(part).map(([name, value]) => [name, significant(value)]));
  return {
    forward: round(forward),
    adam: round(adam),
    totalMs: significant(slowest(forward) + slowest(adam)),
  };
}

/** Measures peak multiply-add, and square roots with divisions, on this core. */
export function measureMachine(module) {
  const { kernels } = new Sandbox(module, 16);
  const rounds = 100_000;
  const peakGflops = (chains * 8 * rounds) / fastest(() => kernels.peak(rounds, 0.999, 0.001)) / 1e6;
  const rootsPerNs = (8 * rounds) / fastest(() => kernels.rootAndQuotient(rounds)) / 1e6;
  return { peakGflops: significant(peakGflops), rootsPerNs: significant(rootsPerNs) };
}

/** Measures streams over arrays of the model's size. Outside the caches they are several times slower. */
function measureStreams(module, parameters) {
  const bytes = Math.floor(parameters / 16) * 64;
  const sandbox = new Sandbox(module, Math.ceil((3 * bytes) / 2 ** 20) + 16);
  const [w, m, v] = [0, 1, 2].map(() => sandbox.floats(bytes / 4).fill(0.5).byteOffset);
  const rounds = Array.from({ length: 30 }, () => ({
    // alternate, as in a step: the forward pass finds in the caches what Adam left there
    update: timeOf(() => sandbox.kernels.updateStreams(w, m, v, bytes)),
    read: timeOf(() => sandbox.kernels.readStream(w, bytes)),
  }));
  return {
    readGBs: significant(bytes / Math.min(...rounds.map(({ read }) => read)) / 1e6),
    updateGBs: significant((6 * bytes) / Math.min(...rounds.map(({ update }) => update)) / 1e6),
  };
}

function timeOf(run) {
  const from = performance.now();
  run();
  return performance.now() - from;
}

/** Returns the fastest of many runs, so that the optimising compiler has finished before the last one. */
function fastest(run) {
  return Math.min(...Array.from({ length: 1000 }, () => timeOf(run)));
}
