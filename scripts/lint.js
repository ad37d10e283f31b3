// Checks style with ESLint, on two threads, and at the same time layers and cycles with dependency-cruiser.
// Prints what each wrote when it has ended.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * @param {string} program path in node_modules
 * @param {readonly string[]} options
 * @returns {Promise<boolean>} true if it succeeds
 */
function succeeds(program, options) {
  const command = [join(root, "node_modules", program), ...options];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: root, maxBuffer: 2 ** 28 }, (error, stdout, stderr) => {
      process.stdout.write(stdout);
      process.stderr.write(stderr);
      resolve(error === null);
    });
  });
}

const results = await Promise.all([
  succeeds("eslint/bin/eslint.js", [".", "--max-warnings", "0", "--concurrency", "2"]),
  succeeds("dependency-cruiser/bin/dependency-cruise.mjs", [
    ...["src", "bin", "--config", ".dependency-cruiser.cjs"],
  ]),
]);
process.exit(results.every(Boolean) ? 0 : 1);
