import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../run-euar.js";

/**
 * Every package or Node module that an entry point loads at once, through all its files; `import()` loads
 * later and is left out.
 */
function packagesBehind(entry: string): string[] {
  const packages = new Set<string>();
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const [, target = ""] of readFileSync(file, "utf8").matchAll(
      /^(?:import|export)\b(?:[^;"]*? from)? ?"([^"]+)";/gm,
    )) {
      if (target.startsWith(".")) visit(join(dirname(file), target));
      else packages.add(target);
    }
  };
  visit(join(root, "dist", `${entry}.js`));
  expect(seen.size).toBeGreaterThan(5);
  return [...packages].sort();
}

describe("entry points for the browser", () => {
  it.each(["browser", "data", "metrics", "predict", "tensor"])(
    "euar/%s needs nothing but itself",
    (entry) => {
      expect(packagesBehind(entry)).toEqual([]);
    },
  );
  it.each(["features", "models", "train"])("euar/%s needs no more than the schemas' library", (entry) => {
    expect(packagesBehind(entry)).toEqual(["zod"]);
  });
  it("euar/export needs the schemas and the writer of protocol buffers", () => {
    expect(packagesBehind("export")).toEqual(["pbf", "zod"]);
  });
  it("the whole library, on the other hand, reads files", () => {
    expect(packagesBehind("index")).toContain("node:fs/promises");
  });
});
