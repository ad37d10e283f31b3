// Runs the whole suite and ends with the plain line "N passed, N failed".
import { spawnSync } from "node:child_process";
import { readFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "euar-tests-"));
const output = join(folder, "results.json");
const vitest = new URL("../node_modules/vitest/vitest.mjs", import.meta.url).pathname;
const run = spawnSync(
  process.execPath,
  [
    vitest,
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${output}`,
    ...process.argv.slice(2),
  ],
  {
    stdio: "inherit",
  },
);

let summary = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numFailedTestSuites: 0 };
try {
  summary = JSON.parse(readFileSync(output, "utf8"));
} catch {
  console.error("the test runner wrote no results");
}
rmSync(folder, { recursive: true, force: true });

const failed = summary.numFailedTests || (run.status === 0 ? 0 : 1);
if (summary.numPendingTests > 0)
  console.log(`${summary.numPendingTests} skipped: each says above what it needs`);
console.log(`${summary.numPassedTests} passed, ${failed} failed`);
process.exit(run.status === 0 && summary.numPassedTests > 0 ? 0 : 1);
