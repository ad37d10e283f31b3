import { rmSync } from "node:fs";
import { startContestant } from "./child.js";
import { median, quantile, significant } from "./statistics.js";
import { trainRun } from "./trained-run.js";

const here = new URL("..", import.meta.url).pathname;
const tolerance = 1e-4;

/**
 * Times one prediction from features at batch size 1: the library (with diagnostics) against PyTorch, on the
 * same weights and clips. Both must give the same predictions first. PyTorch runs in two versions: hand-tuned
 * (mu only, no diagnostics), and in its usual form (the module in eval mode, with uncertainties).
 * @param {{ python?: string, core?: number, compile: boolean, rounds: number, blockMs: number, log: (line:
 * string) => void }} options
 */
export async function benchPredict({ python, core, compile, rounds, blockMs, log }) {
  log("predict");
  const { folder, run, weights, clipsFile } = await trainRun({ clips: 64 });
  const ours = startContestant("euar", process.execPath, [`${here}predict/predict.js`, run, clipsFile], core);
  const contestants = [{ name: "euar", child: ours }];
  const children = [ours];
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
    const rows = contestants.map(({ name }) => {
      const { p50, cpu } = results.get(name);
      const ratios = p50.map((value, round) => value / results.get("euar").p50[round]);
      return {
        name,
        p50Ms: significant(median(p50), 4),
        cpuMs: significant(median(cpu), 4),
        cpuRatio: significant(median(cpu.map((value, round) => value / results.get("euar").cpu[round]))),
        ratio: significant(median(ratios)),
        ratioRange: [significant(quantile(ratios, 0.25)), significant(quantile(ratios, 0.75))],
      };
    });
    for (const row of rows)
      log(
        `  ${row.name.padEnd(28)} ${row.ratio} x  (p50 ${row.p50Ms} ms; ` +
          `processor time ${row.cpuMs} ms, ${row.cpuRatio} x)`,
      );
    const pytorch = rows.filter(({ name }) => name !== "euar").sort((a, b) => a.ratio - b.ratio)[0];
    return {
      date: new Date().toISOString(),
      versions,
      rows,
      pytorch,
      plain: rows.find(({ name }) => name === "pytorch plain"),
    };
  } finally {
    for (const child of children) child.stop();
    rmSync(folder, { recursive: true, force: true });
  }
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
