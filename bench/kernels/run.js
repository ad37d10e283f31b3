/**
 * Checks every version of the dominant kernels against the reference backend, times it, and compares it with
 * the limits of this machine in WebAssembly SIMD. After `npm run build`:
 *
 *     node bench/kernels/run.js [--json] [--quick]
 *
 * Times are the fastest of many runs, which are least affected by other work on the machine.
 */
import { describeMachine } from "../lib/machine.js";
import { compileVariants, Sandbox } from "./module.js";
import { hidden, makeModality, outputs, slots, widths } from "./problem.js";
import { expectedOf, requireAgreement } from "./reference.js";

const json = process.argv.includes("--json");
const budgetMs = process.argv.includes("--quick") ? 100 : 600;
const cases = [
  [8, 16],
  [32, 16],
  [64, 16],
  [8, 256],
];
const settings = {
  learningRate: 1e-4,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  decay: "l2",
  weightDecay: 0,
  gradientScale: 1,
};
const at = (view) => view.byteOffset;
const round = (value, digits = 3) => Number(value.toPrecision(digits));

/** Returns the fastest run in ms, after a warm-up that lets the optimising compiler finish. */
function fastest(run) {
  for (let i = 0; i < 20; i++) run();
  let best = Infinity;
  for (const start = performance.now(); performance.now() - start < budgetMs;) {
    const from = performance.now();
    run();
    best = Math.min(best, performance.now() - from);
  }
  return best;
}

function roofline(module) {
  const sandbox = new Sandbox(module, 256);
  const k = sandbox.kernels;
  const bytes = new Float32Array(sandbox.memory.buffer, 1 << 20).fill(1e-3).byteLength;
  const result = {
    peakGflops: round((12 * 8 * 1e5) / fastest(() => k.peak(1e5, 0.999, 0.001)) / 1e6),
    rootAndQuotientNs: round((fastest(() => k.rootAndQuotient(1e5)) / 2e5) * 1e6),
    streams: [],
  };
  for (const experts of [8, 32, 64]) {
    // one each for weight, m, v
    const size = Math.floor((widths.reduce((a, b) => a + b) * outputs * experts * 4) / 4096) * 4096;
    if (3 * size > bytes) throw new Error("the sandbox is too small");
    const start = 1 << 20;
    result.streams.push({
      experts,
      megabytes: round((3 * size) / 1048576),
      readWeightsGBs: round(size / fastest(() => k.readStream(start, size)) / 1e6),
      updateGBs: round(
        (6 * size) / fastest(() => k.updateStreams(start, start + size, start + 2 * size, size)) / 1e6,
      ),
    });
  }
  return result;
}

/** Versions of each family: name -> call for one modality. The last version is the kernel itself. */
function families(k, work, gradient) {
  const linear =
    (kernel, ...extra) =>
    (m) =>
      kernel(
        at(m.x),
        at(m.weight),
        at(m.bias),
        at(m.offsets),
        at(m.rows),
        m.experts,
        m.inputs,
        outputs,
        at(m.out),
        ...extra,
      );
  const adam =
    (kernel, ...extra) =>
    (m) =>
      kernel(
        at(m.weight),
        at(m.first),
        at(m.second),
        at(m.x),
        at(m.dout),
        at(m.offsets),
        at(m.rows),
        m.experts,
        m.inputs,
        outputs,
        at(m.steps),
        ...extra,
      );
  return [
    {
      name: "groupedLinear",
      results: ["out"],
      versions: {
        naive: linear(k.groupedLinearNaive),
        "row by row": linear(k.groupedLinearRows),
        "tile 1x48": linear(k.groupedLinearTiles, 1),
        "tile 2x24": linear(k.groupedLinearTiles, 2),
        "tile 3x16": linear(k.groupedLinearTiles, 3),
        "tile 4x12": linear(k.groupedLinearTiles, 4),
        kernel: linear(k.groupedLinear, outputs),
      },
    },
    {
      name: "gaussianMixture",
      results: ["h", "sigma2", "kl"],
      versions: {
        kernel: (m) =>
          k.gaussianMixture(
            at(m.out),
            at(m.gate),
            at(m.pairOf),
            m.batch,
            slots,
            hidden,
            -8,
            5,
            at(m.keys),
            at(m.h),
            at(m.sigma2),
            at(m.kl),
            at(work),
            at(m.noise),
          ),
      },
    },
    {
      name: "gaussianMixtureBackward",
      results: ["draw", "dgate"],
      versions: {
        kernel: (m) => {
          m.dgate.fill(0);
          k.gaussianMixtureBackward(
            at(m.out),
            at(m.gate),
            at(m.pairOf),
            m.batch,
            slots,
            hidden,
            -8,
            5,
            at(m.keys),
            at(m.dh),
            at(m.sigma2),
            at(m.kl),
            at(m.draw),
            at(m.dgate),
            at(work),
            at(m.noise),
          );
        },
      },
    },
    {
      name: "groupedSquaredNorm",
      results: ["norm"],
      versions: {
        kernel: (m) => {
          m.norm = [
            k.groupedSquaredNorm(
              at(m.x),
              at(m.dout),
              at(m.offsets),
              at(m.rows),
              m.experts,
              m.inputs,
              outputs,
            ),
          ];
        },
      },
    },
    {
      name: "adamGrouped",
      results: ["weight", "first", "second"],
      versions: {
        naive: adam(k.adamGroupedNaive),
        "two passes": adam(k.adamGroupedTwoPasses, at(gradient)),
        "blocks of 16 rows": adam(k.adamGroupedBlocks, at(work)),
        kernel: adam(k.adamGrouped, at(work)),
      },
    },
  ];
}

function check(family, run, modality, expected) {
  const saved = ["weight", "first", "second", "steps"].map((name) => [name, modality[name].slice()]);
  run(modality);
  for (const name of family.results)
    requireAgreement(`${family.name}, ${name}`, modality[name], expected[name]);
  for (const [name, values] of saved) modality[name].set(values);
}

function benchCase(module, experts, batch, peaks) {
  const sandbox = new Sandbox(module, 512);
  const k = sandbox.kernels;
  const modalities = widths.map((width, i) => makeModality(sandbox, width, experts, batch, `modality ${i}`));
  const work = sandbox.floats(1 << 16);
  const gradient = sandbox.floats(Math.max(...widths) * outputs * experts);
  k.adamSettings(settings.learningRate, settings.beta1, settings.beta2, settings.epsilon, 0, 0, 1);
  const small = modalities[2];
  const expected = expectedOf(small, settings);
  const flop = modalities.reduce((sum, m) => sum + 2 * m.pairs * m.inputs * outputs, 0);
  const touched = modalities.reduce((sum, m) => sum + m.touched * m.inputs * outputs, 0);
  const stream = peaks.streams.find((s) => s.experts === experts);
  /** Lower bounds in ms: arithmetic at the peak rate, memory at the measured rate. The larger one counts. */
  const floors = {
    groupedLinear: Math.max(flop / peaks.peakGflops, (4 * touched) / stream.readWeightsGBs) / 1e6,
    adamGrouped: Math.max((flop + 13 * touched) / peaks.peakGflops, (24 * touched) / stream.updateGBs) / 1e6,
  };
  const rows = [];
  const all = families(k, work, gradient);
  // check everything before timing, because timing Adam changes the weights
  for (const family of all)
    for (const run of Object.values(family.versions)) check(family, run, small, expected);
  for (const family of all) {
    let naive;
    for (const [version, run] of Object.entries(family.versions)) {
      const ms = fastest(() => modalities.forEach(run));
      naive ??= ms;
      const row = { kernel: family.name, version, ms: round(ms), timesNaive: round(naive / ms) };
      if (family.name === "groupedLinear") row.gflops = round(flop / ms / 1e6);
      if (family.name === "adamGrouped")
        Object.assign(row, {
          gflops: round((flop + 13 * touched) / ms / 1e6),
          gbs: round((24 * touched) / ms / 1e6),
        });
      if (floors[family.name]) row.ofRoofline = round(floors[family.name] / ms, 2);
      rows.push(row);
    }
  }
  return { experts, batch, megaflop: round(flop / 1e6), touchedMillions: round(touched / 1e6), rows };
}

const module = await compileVariants();
const peaks = roofline(module);
if (!json) {
  console.log(
    `multiply and add in registers ${peaks.peakGflops} GFLOP/s; square root and division ` +
      `${peaks.rootAndQuotientNs} ns per vector`,
  );
  for (const s of peaks.streams)
    console.log(
      `weights and moments at N = ${s.experts}: ${s.megabytes} MB, reading the weights ` +
        `${s.readWeightsGBs} GB/s, updating all ${s.updateGBs} GB/s (read and written)`,
    );
}
const results = [];
for (const [experts, batch] of cases) {
  const result = benchCase(module, experts, batch, peaks);
  results.push(result);
  if (json) continue;
  console.log(
    `\nN = ${experts}, batch ${batch}: ${result.megaflop} MFLOP per product, ${result.touchedMillions} ` +
      "M weights touched; all versions agree with the reference",
  );
  console.table(result.rows);
}
if (json)
  console.log(JSON.stringify({ machine: describeMachine(), roofline: peaks, cases: results }, null, 1));
