// List of mutants, and the conditions that the list must meet.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { dataMutants } from "../mutants/data.js";
import { lossMutants } from "../mutants/losses.js";
import { metricMutants } from "../mutants/metrics.js";
import { trainingMutants } from "../mutants/training.js";

/** Each is { name, file, text, replacement, tests }: all of `tests` must fail once `text` is replaced. */
export const mutants = [...lossMutants, ...metricMutants, ...trainingMutants, ...dataMutants];

/**
 * Lists the faults of the list as sentences: a text that is missing or not unique, or a file that is missing.
 * @param {string} root root of the repository
 */
export function listFaults(root) {
  const faults = [];
  const names = new Set();
  for (const { name, file, text, replacement, tests } of mutants) {
    if (names.has(name)) faults.push(`"${name}": the name is already used`);
    names.add(name);
    const path = join(root, file);
    if (!existsSync(path)) faults.push(`"${name}": there is no ${file}`);
    else {
      const found = readFileSync(path, "utf8").split(text).length - 1;
      if (found !== 1) faults.push(`"${name}": its text occurs ${found} times in ${file}, not once`);
    }
    if (text === replacement) faults.push(`"${name}": it changes nothing`);
    for (const test of tests)
      if (!existsSync(join(root, test))) faults.push(`"${name}": there is no ${test}`);
    if (tests.length === 0) faults.push(`"${name}": no test is named`);
  }
  return faults;
}
