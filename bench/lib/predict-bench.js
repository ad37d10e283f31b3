import { rmSync } from "node:fs";
import { nativeStatus } from "euar/tensor";
import { startContestant } from "./child.js";
import { median, quantile, significant } from "./statistics.js";
import { trainRun } from "./trained-run.js";

const here = new URL("..", import.meta.url).pathname;
const tolerance = 1e-4;

/**
 * Times one prediction from features at batch size 1: the library (on WebAssembly, and with native kernels if
 * they are built) against PyTorch, on the same weights and clips. All must give the same predictions first,
 * and the same uncertainties if they give any. Ours runs with all diagnostics, and with the value alone.
 * PyTorch runs hand-tuned, with uncertainties or with the value alone, and in its usual form (the module in
 * eval mode, with uncertainties).
 * @param {{ python?: string, core?: number, compile: boolean, rounds: number, blockMs: number, log: (line:
 * string) => void }} options
 */
export async function benchPredict({ python, core, compile, rounds, blockMs, log }) {
  log("predict");
  const { folder, run, weights, clipsFile } = await trainRun({ clips: 64 });
  const own = { euar: "wasm", ...(nativeStatus().available ? { "euar native": "native" } : {}) };
  const children = [];
  const contestants = Object.entries(own).flatMap(([name, backend]) => {
    const args = [`${here}predict/predict.js`, run, clipsFile, backend];
    const child = startContestant(name, process.execPath, args, core);
    children.push(child);
    return [
      { name, child },
      { name: `${name}, value alone`, child, variant: "value" },
    ];
  });
  if (python !== undefined) {
    const child = startContestant(
      "pytorch",
      python,
      [`${here}peers/pytorch_predict.py`, weights, clipsFile],
      core,
    );
    children.push(child);
    const tuned = ["dense", "loop", "dense uncertainties", "loop uncertainties"];
    for (const variant of [...tuned, "plain", ...(compile ? ["dense+compile"] : [])])
      contestants.push({ name: `pytorch ${variant}`, child, variant });
  }
  try {
    const versions = {};
    for (const child of children) Object.assign(versions, await child.ask({ ask: "versions" }));
    await checkPredictions(contestants, log);
    const results = await alternate(contestants, rounds, blockMs);
    const against = (base) => contestants.map(({ name }) => compare(name, base, results));
    const rows = against("euar");
    const peers = Object.keys(own).map((name) => [
      name,
      peersOf(against(name), against(`${name}, value alone`)),
    ]);
    for (const row of rows)
      log(
        `  ${row.name.padEnd(28)} ${row.ratio} x  (p50 ${row.p50Ms} ms; ` +
          `processor time ${row.cpuMs} ms, ${row.cpuRatio} x)`,
      );
    return {
      date: new Date().toISOString(),
      versions,
      rows,
      ...(python !== undefined && { peers: Object.fromEntries(peers) }),
    };
  } finally {
    for (const child of children) child.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Compares the times of a contestant with those of `base`, round by round. */
function compare(name, base, results) {
  const [{ p50, cpu }, ours] = [results.get(name), results.get(base)];
  const ratios = p50.map((value, round) => value / ours.p50[round]);
  return {
    name,
    p50Ms: significant(median(p50), 4),
    cpuMs: significant(median(cpu), 4),
    cpuRatio: significant(median(cpu.map((value, round) => value / ours.cpu[round]))),
    ratio: significant(median(ratios)),
    ratioRange: [significant(quantile(ratios, 0.25)), significant(quantile(ratios, 0.75))],
  };
}

/**
 * Returns the fastest hand-tuned PyTorch with the same outputs (with uncertainties, and the value alone), the
 * fastest with the value alone against ours with uncertainties, and the typical one.
 */
function peersOf(withUncertainties, valueAlone) {
  const fastest = (rows, names) =>
    rows.filter(({ name }) => names.test(name)).sort((a, b) => a.ratio - b.ratio)[0];
  return {
    uncertainties: fastest(withUncertainties, /^pytorch .* uncertainties$/),
    value: fastest(valueAlone, valueOnly),
    unequal: fastest(withUncertainties, valueOnly),
    plain: fastest(withUncertainties, /^pytorch plain$/),
  };
}

const valueOnly = /^pytorch (dense|loop|dense\+compile)$/;

async function checkPredictions(contestants, log) {
  const expected = {};
  for (const { name, child, variant } of contestants) {
    const { predictions, uncertainties } = await child.ask({ ask: "check", variant });
    const parts = { predictions, ...(uncertainties && { uncertainties: uncertainties.flat() }) };
    for (const [part, values] of Object.entries(parts)) {
      expected[part] ??= values;
      const worst = Math.max(...values.map((value, i) => Math.abs(value - expected[part][i])));
      if (!(worst <= tolerance)) throw new Error(`${name} gives other ${part}: off by ${worst}`);
      log(`  ${name}: ${values.length} ${part} agree within ${worst.toExponential(1)}`);
    }
  }
}

async function alternate(contestants, rounds, blockMs) {
  const steps = new Map();
  for (const { name, child, variant } of contestants) {
    const { ms } = await child.ask({ ask: "time", steps: 1000, variant });
    steps.set(name, Math.max(50, Math.ceil(blockMs / median(ms))));
  }
  const results = new Map(contestants.map(({ name }) => [name, { p50: [], cpu: [] }]));
  for (let round = 0; round < rounds; round++) {
    for (const { name, child, variant } of contestants) {
      const { ms, cpuMs } = await child.ask({ ask: "time", steps: steps.get(name), variant });
      results.get(name).p50.push(median(ms));
      results.get(name).cpu.push(cpuMs);
    }
  }
  return results;
}
