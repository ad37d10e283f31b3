// Shared by the results scripts: rows that are trained once through the command line and stored as JSON, and
// the tables of a page.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const root = new URL("../..", import.meta.url).pathname;
export const results = join(root, "docs/results");
export const seeds = [1, 2, 3, 4, 5];
mkdirSync(results, { recursive: true });

/** Runs a command of euar and returns its JSON result. */
export function euar(...args) {
  const run = spawnSync(process.execPath, [join(root, "bin/euar.js"), ...args, "--json"], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const answer = JSON.parse(run.stdout);
  if (run.status !== 0) throw new Error(`euar ${args.join(" ")}: ${answer.error?.message ?? run.status}`);
  return answer;
}

/** Returns the result of `make`, or docs/results/NAME.json if it exists. */
export async function kept(name, make) {
  return stored(name) ?? keep(name, await make());
}

/** Returns docs/results/NAME.json, or undefined if it does not exist. */
export function stored(name) {
  const file = join(results, `${name}.json`);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

/**
 * Stores a value as docs/results/NAME.json.
 * @returns the value
 */
export function keep(name, value) {
  writeFileSync(join(results, `${name}.json`), `${JSON.stringify(value, null, 1)}\n`);
  return value;
}

/**
 * Returns means and deviations over the seeds of a model trained into OUT/seed-1 and so on.
 * @param list seeds, e.g. "1,2,3"
 */
export function trained(out, args, list = seeds.join(",")) {
  const { config, metrics, deviations } = euar("train", ...args, "--seeds", list, "--out", out);
  const {
    train,
    model,
    data: { name: source, modalities, sizes },
  } = config;
  return {
    model: model.name,
    config: model.config,
    train,
    data: { name: source, modalities, sizes },
    seeds: list,
    metrics,
    deviations,
  };
}

export function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Returns the sample standard deviation; 0 for a single value. */
export function deviation(values) {
  const centre = mean(values);
  return Math.sqrt(
    values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / Math.max(values.length - 1, 1),
  );
}

export function meanAndDeviation(mean, deviation) {
  return mean === null || mean === undefined ? "n/a" : `${mean.toFixed(3)} ± ${(deviation ?? 0).toFixed(3)}`;
}

export function markdownTable([head, ...lines]) {
  return [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/**
 * Formats a table of rows [label, inputs, result] with these metrics on validation and test. A single run has
 * no deviation.
 * @param first heading of the first column
 * @param seedsOf returns the text of a result's cell in the column "seeds"; without it there is no such
 * column
 */
export function metricTable(names, rows, { first = "model", seedsOf } = {}) {
  const cell = ({ seeds: own, metrics, deviations }, split, name) =>
    own.includes(",")
      ? meanAndDeviation(metrics[split][name], deviations[split][name])
      : metrics[split][name].toFixed(3);
  const head = [
    first,
    "inputs",
    ...(seedsOf ? ["seeds"] : []),
    ...names.map((name) => `valid ${name}`),
    ...names.map((name) => `test ${name}`),
  ];
  return markdownTable([
    head,
    ...rows.map(([model, inputs, result]) => [
      model,
      inputs,
      ...(seedsOf ? [seedsOf(result)] : []),
      ...["valid", "test"].flatMap((split) => names.map((name) => cell(result, split, name))),
    ]),
  ]);
}

/** Replaces the text between the markers of a section. */
export function writeSection(page, name, content) {
  const text = readFileSync(page, "utf8");
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${page} lacks the markers of ${name}`);
  writeFileSync(page, `${text.slice(0, from)}${start}\n\n${content}\n\n${text.slice(to)}`);
  console.error(`${name}: written`);
}
