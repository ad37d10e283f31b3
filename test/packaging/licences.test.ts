import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { root } from "../run-euar.js";

const entry = z.object({
  license: z.string().optional(),
  dev: z.boolean().optional(),
  deprecated: z.string().optional(),
  hasInstallScript: z.boolean().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
});
const lock = z
  .object({ packages: z.record(z.string(), entry) })
  .parse(JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")));
const installed = Object.entries(lock.packages)
  .filter(([path]) => path !== "")
  .map(([path, about]) => ({ name: path.replace(/^.*node_modules\//, ""), ...about }));

const PERMISSIVE = [
  "MIT",
  "ISC",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "Apache-2.0",
  "0BSD",
  "BlueOak-1.0.0",
  "Unlicense",
];
/**
 * Copyleft that ends at the file's or the library's border, and Python's own permissive licence, in what is
 * only run here: no line of it is shipped or changed.
 */
const TOOLS_ONLY: Readonly<Record<string, RegExp>> = {
  "MPL-2.0": /^(lightningcss(-|$)|axe-core$)/,
  LGPL: /^@img\/sharp-/,
  "Python-2.0": /^argparse$/,
};
/**
 * Their scripts check a binary and print a hint: everything works without them (`npm ci --ignore-scripts`),
 * and npm ci of the package alone installs neither.
 */
const WITH_SCRIPTS = ["esbuild", "protobufjs"];

function allowedTool(name: string, license: string): boolean {
  return Object.entries(TOOLS_ONLY).some(([family, names]) => license.includes(family) && names.test(name));
}

describe("packages that npm ci installs", () => {
  it("has permissive licences wherever it comes along with the package", () => {
    const shipped = installed.filter(({ dev }) => dev !== true);
    expect(shipped.length).toBeGreaterThan(5);
    expect(shipped.filter(({ license }) => !PERMISSIVE.includes(license ?? "none"))).toEqual([]);
  });
  it("has permissive licences among the tools, except those named above", () => {
    const odd = installed.filter(
      ({ name, license = "none" }) => !PERMISSIVE.includes(license) && !allowedTool(name, license),
    );
    expect(odd).toEqual([]);
  });
  it("is not deprecated, and can come from any registry", () => {
    expect(installed.filter(({ deprecated }) => deprecated !== undefined)).toEqual([]);
    expect(
      installed.filter(({ resolved, integrity }) => resolved !== undefined || integrity === undefined),
    ).toEqual([]);
  });
  it("runs no install scripts, except those of the tools named above", () => {
    const scripts = installed.filter(({ hasInstallScript }) => hasInstallScript === true);
    expect(scripts.filter(({ dev }) => dev !== true)).toEqual([]);
    expect(scripts.map(({ name }) => name).sort()).toEqual(WITH_SCRIPTS);
  });
});
