import { join } from "node:path";
import { nativeStatus } from "euar/tensor";
import { startContestant } from "./child.js";
import { median, quantile, significant } from "./statistics.js";

const here = new URL("..", import.meta.url).pathname;

const tolerance = 1e-3;

/**
 * Process with the name of its row. Several rows may be variants of one process.
 * @typedef {ReturnType<typeof startContestant>} Child
 * @typedef {{ name: string, child: Child, variant?: string }} Contestant
 * @typedef {(script: string, name: string, command: string, more?: object) => Child} Start
 */

/**
 * Returns a function that starts scripts of bench/ on one case.
 * @param {string} input file or folder that the scripts read
 * @param {object} settings settings of the case, to which a script may get more
 * @param {number | undefined} core
 * @returns {Start}
 */
export function starterOf(input, settings, core) {
  return (script, name, command, more = {}) =>
    startContestant(
      name,
      command,
      [join(here, script), input, JSON.stringify({ ...settings, ...more })],
      core,
    );
}

/**
 * Starts euar's own contestants: on WebAssembly, with native kernels in both arithmetics if they are built,
 * and on WebAssembly in fast arithmetic.
 * @param {Start} start
 * @param {string} script
 * @returns {Contestant[]}
 */
export function ownContestants(start, script) {
  const native = nativeStatus().available
    ? { "euar native": "exact", "euar native, fast arithmetic": "fast" }
    : {};
  return [
    { name: "euar", child: start(script, "euar", process.execPath, { threads: 1 }) },
    ...Object.entries(native).map(([name, arithmetic]) => ({
      name,
      child: start(script, name, process.execPath, { backend: "native", threads: 1, arithmetic }),
    })),
    {
      name: "euar, fast arithmetic",
      child: start(script, "euar, fast arithmetic", process.execPath, { threads: 1, arithmetic: "fast" }),
    },
  ];
}

/**
 * Returns one contestant for each variant of a process.
 * @param {Child} child
 * @param {readonly string[]} variants
 * @returns {Contestant[]}
 */
export function variantsOf(child, variants) {
  return variants.map((variant) => ({ name: `${child.name} ${variant}`, child, variant }));
}

/**
 * Checks that all contestants reach the same losses, then times blocks of steps that alternate between them.
 * Each round gives one ratio to the first contestant. Stops the contestants at the end.
 * @param {readonly Contestant[]} contestants
 * @param {{ rounds: number, blockMs: number, checkedSteps?: number, log: (line: string) => void }} options
 */
export async function compareSteps(contestants, options) {
  const children = new Set(contestants.map(({ child }) => child));
  try {
    const versions = {};
    for (const child of children) Object.assign(versions, await child.ask({ ask: "versions" }));
    const losses = await checkLosses(contestants, options);
    return { versions, losses, ...summarise(contestants, await alternate(contestants, options)) };
  } finally {
    for (const child of children) child.stop();
  }
}

async function checkLosses(contestants, { checkedSteps = 5, log }) {
  let expected;
  for (const { name, child, variant } of contestants) {
    const { losses } = await child.ask({ ask: "check", steps: checkedSteps, variant });
    expected ??= losses;
    const worst = Math.max(...losses.map((loss, i) => Math.abs(loss / expected[i] - 1)));
    if (!(worst <= tolerance))
      throw new Error(
        `${name} does not compute the same: losses ${losses.join(", ")}, expected ${expected.join(", ")}`,
      );
    log(`  ${name}: first ${checkedSteps} losses agree within ${worst.toExponential(1)}`);
  }
  return expected;
}

async function alternate(contestants, { rounds, blockMs, log }) {
  const steps = new Map();
  for (const { name, child, variant } of contestants) {
    const { ms } = await child.ask({ ask: "time", steps: 10, variant });
    steps.set(name, Math.min(500, Math.max(5, Math.ceil(blockMs / median(ms)))));
  }
  const results = new Map(
    contestants.map(({ name }) => [name, { medians: [], cpu: [], fastest: Infinity, parts: [] }]),
  );
  for (let round = 0; round < rounds; round++) {
    for (const { name, child, variant } of contestants) {
      const { ms, cpuMs, parts } = await child.ask({
        ask: "time",
        steps: steps.get(name),
        variant,
        parts: true,
      });
      const result = results.get(name);
      result.medians.push(median(ms));
      result.cpu.push(cpuMs);
      result.fastest = Math.min(result.fastest, ...ms);
      if (parts) result.parts.push(parts);
    }
    log(`  round ${round + 1} of ${rounds}`);
  }
  return results;
}

function summarise(contestants, results) {
  const ours = results.get(contestants[0].name);
  const rows = contestants.map(({ name }) => {
    const { medians, cpu, fastest, parts } = results.get(name);
    const ratios = medians.map((value, round) => value / ours.medians[round]);
    const row = {
      name,
      medianMs: significant(median(medians), 4),
      fastestMs: significant(fastest, 4),
      ratio: significant(median(ratios)),
      ratioRange: [significant(quantile(ratios, 0.25)), significant(quantile(ratios, 0.75))],
    };
    row.cpuMs = significant(median(cpu), 4);
    row.cpuRatio = significant(median(cpu.map((value, round) => value / ours.cpu[round])));
    if (parts.length > 0) {
      row.partsMs = Object.fromEntries(
        Object.keys(parts[0]).map((part) => [
          part,
          significant(median(parts.map((p) => median(p[part]))), 3),
        ]),
      );
    }
    return row;
  });
  const fastestPeer = (prefix) =>
    rows.filter(({ name }) => name.startsWith(prefix)).sort((a, b) => a.ratio - b.ratio)[0];
  return { rows, pytorch: fastestPeer("pytorch"), jaxJs: fastestPeer("jax-js") };
}
