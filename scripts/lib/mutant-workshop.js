// Copy of the project in which tests run on changed code.
import { execFileSync, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";

/** Time limit per test file in milliseconds, longer than any file takes. It stops mutants that never end. */
const PATIENCE = 300_000;

const config = `import { defineConfig } from "vitest/config";
export default defineConfig({
  cacheDir: ".vite",
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 240_000,
    maxWorkers: 1,
  },
});
`;

export class Workshop {
  /**
   * @param {string} root root of the repository; all files that git does not ignore are copied, and the built
   * kernels
   */
  constructor(root) {
    this.folder = mkdtempSync(join(tmpdir(), "euar-mutants-"));
    const listed = execFileSync(
      "git",
      ["ls-files", "-co", "--exclude-standard", "-z", "src", "test", "scripts"],
      {
        cwd: root,
        encoding: "utf8",
      },
    );
    const files = [
      ...listed.split("\0").filter(Boolean),
      ...builtFiles(root),
      "package.json",
      "tsconfig.json",
    ];
    for (const file of files) {
      if (!existsSync(join(root, file))) continue; // deleted, not yet committed
      mkdirSync(join(this.folder, dirname(file)), { recursive: true });
      cpSync(join(root, file), join(this.folder, file));
    }
    symlinkSync(join(root, "node_modules"), join(this.folder, "node_modules"));
    writeFileSync(join(this.folder, "vitest.config.ts"), config);
    this.child = undefined;
  }

  /**
   * Runs tests with one mutant in place.
   * @returns as `run`
   */
  async runWith({ file, text, replacement, tests }) {
    const path = join(this.folder, file);
    const original = readFileSync(path, "utf8");
    writeFileSync(path, original.split(text).join(replacement));
    try {
      return await this.run(tests);
    } finally {
      writeFileSync(path, original);
    }
  }

  /**
   * @param {readonly string[]} tests files
   * @returns {Promise<Map<string, "passed" | "failed" | "broken">>} by file; broken: none of its tests could
   * be   run
   */
  async run(tests) {
    const output = join(this.folder, "results.json");
    rmSync(output, { force: true });
    const vitest = join(this.folder, "node_modules", "vitest", "vitest.mjs");
    const args = [vitest, "run", "--reporter=json", `--outputFile=${output}`, ...tests];
    if (tests.length === 1) args.push("--bail=1");
    const hung = await this.spawned(args, PATIENCE * tests.length);
    if (hung) return new Map(tests.map((test) => [test, "failed"]));
    const { testResults = [] } = existsSync(output) ? JSON.parse(readFileSync(output, "utf8")) : {};
    const verdicts = new Map(tests.map((test) => [test, "broken"]));
    for (const { name, status, assertionResults } of testResults) {
      const failed = assertionResults.some((one) => one.status === "failed");
      const verdict = failed ? "failed" : status === "passed" ? "passed" : "broken";
      verdicts.set(relative(this.folder, name), verdict);
    }
    return verdicts;
  }

  /**
   * Runs a command.
   * @returns true if it had to be killed
   */
  async spawned(args, patience) {
    // in its own process group, so that its workers can be killed with it
    const child = spawn(process.execPath, args, { cwd: this.folder, stdio: "ignore", detached: true });
    this.child = child;
    let hung = false;
    const timer = setTimeout(() => {
      hung = true;
      killGroup(child);
    }, patience);
    await new Promise((resolve) => child.once("close", resolve));
    clearTimeout(timer);
    this.child = undefined;
    return hung;
  }

  close() {
    if (this.child) killGroup(this.child);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/**
 * Kills a process and all processes that it started.
 * @param child leader of a process group
 */
function killGroup({ pid }) {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if (error.code !== "ESRCH") throw error; // it has already ended
  }
}

/** Lists the files that `npm run build:kernels` writes into src, which git ignores. */
function builtFiles(root) {
  return readdirSync(join(root, "src"), { recursive: true })
    .filter((file) => file.includes(".generated."))
    .map((file) => join("src", file));
}
