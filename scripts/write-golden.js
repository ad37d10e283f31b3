// npm run golden: rewrites test/golden/platform.json with the results of this machine, and lists the changes.
// Use it only for a change that intentionally alters results (see docs/platforms.md).
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
    ? "Nothing changed: all bits are the same."
    : `Changed: ${changed.join(", ")}. State the reason in the commit.`,
);
