// Runs the whole suite and ends with the plain line "N passed, N failed". Without arguments it first checks
// format, types, lint with layers, and the docstrings of public exports. Each counts as one test. With
// arguments it runs the tests that they name.
import { spawnSync } from "node:child_process";
import { readFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const named = process.argv.slice(2);

/** Scripts of package.json that only read. */
const CHECKS = ["format:check", "typecheck", "lint", "docs:check"];

/**
 * Runs a script of package.json.
 * @returns {boolean} true if it succeeds
 */
function succeeds(script) {
  const began = performance.now();
  const { status } = spawnSync("npm", ["run", "--silent", script], { cwd: root, stdio: "inherit" });
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.log(`${status === 0 ? "passed" : "FAILED"}: npm run ${script} (${seconds} s)`);
  return status === 0;
}

const checks = (named.length === 0 ? CHECKS : []).map(succeeds);

const folder = mkdtempSync(join(tmpdir(), "euar-tests-"));
const output = join(folder, "results.json");
const vitest = join(root, "node_modules/vitest/vitest.mjs");
const run = spawnSync(
  process.execPath,
  [vitest, "run", "--reporter=default", "--reporter=json", `--outputFile.json=${output}`, ...named],
  { stdio: "inherit" },
);

let summary = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0 };
try {
  summary = JSON.parse(readFileSync(output, "utf8"));
} catch {
  console.error("the test runner did not write results");
}
rmSync(folder, { recursive: true, force: true });

if (summary.numPendingTests > 0)
  console.log(`${summary.numPendingTests} skipped; the messages above say what each one needs`);
CHECKS.forEach((script, i) => {
  if (checks[i] === false) console.log(`FAILED: npm run ${script}, see above`);
});
const passed = summary.numPassedTests + checks.filter(Boolean).length;
const failedTests = summary.numFailedTests || (run.status === 0 ? 0 : 1);
const failed = failedTests + checks.filter((ok) => !ok).length;
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && summary.numPassedTests > 0 ? 0 : 1);
