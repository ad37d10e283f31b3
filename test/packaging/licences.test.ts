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
const lock = z.object({ packages: z.record(z.string(), entry) }).parse(JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")));
const installed = Object.entries(lock.packages)
  .filter(([path]) => path !== "")
  .map(([path, about]) => ({ name: path.replace(/^.*node_modules\//, ""), ...about }));

const PERMISSIVE = ["MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "0BSD", "BlueOak-1.0.0", "Unlicense"];
/** Copyleft that ends at the file's border, in tools that are only run here: no line of them is shipped or changed. */
const TOOLS_ONLY: Readonly<Record<string, RegExp>> = { "MPL-2.0": /^lightningcss(-|$)/ };

describe("what npm ci installs", () => {
  it("has permissive licences wherever it comes along with the package", () => {
    const shipped = installed.filter(({ dev }) => dev !== true);
    expect(shipped.length).toBeGreaterThan(5);
    expect(shipped.filter(({ license }) => !PERMISSIVE.includes(license ?? "none"))).toEqual([]);
  });
  it("has permissive licences among the tools, but for those named above", () => {
    const odd = installed.filter(({ name, license = "none" }) => !PERMISSIVE.includes(license) && TOOLS_ONLY[license]?.test(name) !== true);
    expect(odd).toEqual([]);
  });
  it("is not deprecated, runs nothing on installing, and can come from any registry", () => {
    expect(installed.filter(({ deprecated }) => deprecated !== undefined)).toEqual([]);
    expect(installed.filter(({ hasInstallScript }) => hasInstallScript === true)).toEqual([]);
    expect(installed.filter(({ resolved, integrity }) => resolved !== undefined || integrity === undefined)).toEqual([]);
  });
});
