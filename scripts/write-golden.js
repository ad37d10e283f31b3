// npm run golden: rewrites test/golden/platform.json from what this machine computes, and says what changed.
// Only for a change that is meant to alter results; docs/platforms.md says when that is.
import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { differences, goldenFile } from "../test/platform/golden.js";

const results = JSON.parse(
  execFileSync(process.execPath, [fileURLToPath(new URL("../test/platform/run-jobs.js", import.meta.url))], {
    encoding: "utf8",
  }),
);
const changed = existsSync(goldenFile) ? differences(results) : Object.keys(results);
writeFileSync(goldenFile, `${JSON.stringify(results, null, 2)}\n`);
console.log(
  changed.length === 0
    ? "Nothing changed: every bit is as before."
    : `Changed: ${changed.join(", ")}. Say in the commit why.`,
);
