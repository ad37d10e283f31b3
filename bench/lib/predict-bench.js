import { rmSync } from "node:fs";
import { nativeStatus } from "euar/tensor";
import { startContestant } from "./child.js";
import { median, quantile, significant } from "./statistics.js";
import { trainRun } from "./trained-run.js";

const here = new URL("..", import.meta.url).pathname;
const tolerance = 1e-4;

/**
 * Times one prediction from features at batch size 1: the library (with diagnostics; on WebAssembly, and with
 * native kernels if they are built) against PyTorch, on the same weights and clips. All must give the same
 * predictions first. PyTorch runs in two versions: hand-tuned (mu only, no diagnostics), and in its usual
 * form (the module in eval mode, with uncertainties).
 * @param {{ python?: string, core?: number, compile: boolean, rounds: number, blockMs: number, log: (line:
 * string) => void }} options
 */
export async function benchPredict({ python, core, compile, rounds, blockMs, log }) {
  log("predict");
  const { folder, run, weights, clipsFile } = await trainRun({ clips: 64 });
  const own = { euar: "wasm", ...(nativeStatus().available ? { "euar native": "native" } : {}) };
  const contestants = Object.entries(own).map(([name, backend]) => ({
    name,
    child: startContestant(
      name,
      process.execPath,
      [`${here}predict/predict.js`, run, clipsFile, backend],
      core,
    ),
  }));
  const children = contestants.map(({ child }) => child);
  if (python !== undefined) {
    const child = startContestant(
      "pytorch",
      python,
      [`${here}peers/pytorch_predict.py`, weights, clipsFile],
      core,
    );
    children.push(child);
    for (const variant of ["dense", "loop", "plain", ...(compile ? ["dense+compile"] : [])])
      contestants.push({ name: `pytorch ${variant}`, child, variant });
  }
  try {
    const versions = {};
    for (const child of children) Object.assign(versions, await child.ask({ ask: "versions" }));
    await checkPredictions(contestants, log);
    const results = await alternate(contestants, rounds, blockMs);
    const against = (base) => contestants.map(({ name }) => compare(name, base, results));
    const rows = against("euar");
    for (const row of rows)
      log(
        `  ${row.name.padEnd(28)} ${row.ratio} x  (p50 ${row.p50Ms} ms; ` +
          `processor time ${row.cpuMs} ms, ${row.cpuRatio} x)`,
      );
    return {
      date: new Date().toISOString(),
      versions,
      rows,
      ...peersOf(rows),
      ...(own["euar native"] && { native: peersOf(against("euar native")) }),
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

/** Returns the fastest PyTorch, and the typical one. */
function peersOf(rows) {
  const peers = rows.filter(({ name }) => name.startsWith("pytorch")).sort((a, b) => a.ratio - b.ratio);
  return { pytorch: peers[0], plain: peers.find(({ name }) => name === "pytorch plain") };
}

async function checkPredictions(contestants, log) {
  let expected;
  for (const { name, child, variant } of contestants) {
    const { predictions } = await child.ask({ ask: "check", variant });
    expected ??= predictions;
    const worst = Math.max(...predictions.map((value, i) => Math.abs(value - expected[i])));
    if (!(worst <= tolerance)) throw new Error(`${name} gives other predictions: off by ${worst}`);
    log(`  ${name}: ${predictions.length} predictions agree within ${worst.toExponential(1)}`);
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
