import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../run-euar.js";

const dist = join(root, "dist");

/** Files and packages (or Node modules) that some entry points load at once. `import()` loads later. */
function loadedBy(...entries: readonly string[]): { readonly files: string[]; readonly packages: string[] } {
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
  for (const entry of entries) visit(join(dist, `${entry}.js`));
  expect(seen.size).toBeGreaterThan(5);
  return {
    files: [...seen].map((file) => relative(dist, file).replaceAll("\\", "/")),
    packages: [...packages].sort(),
  };
}

function packagesBehind(entry: string): string[] {
  return loadedBy(entry).packages;
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
  it.each(["models/euar", "models/linear"])("%s, which a stored run needs, loads no package", (file) => {
    expect(packagesBehind(file)).toEqual([]);
  });
  it("the whole library, in contrast, reads files", () => {
    expect(packagesBehind("index")).toContain("node:fs/promises");
  });
});

describe("euar predict", () => {
  it("loads no code of media, training, progress bars or charts before it needs them", () => {
    const { files, packages } = loadedBy("cli/main", "cli/commands/predict");
    const unneeded = /^(?:features|encoders|train|evaluate|experiments|protocols|export|report\/charts)\//;
    expect(files.filter((file) => unneeded.test(file))).toEqual([]);
    expect(files).not.toContain("cli/progress.js");
    expect(files.filter((file) => file.startsWith("metrics/")).sort()).toEqual([
      "metrics/conformal.js",
      "metrics/default-threshold.js",
      "metrics/most-probable.js",
    ]);
    expect(packages.filter((name) => !name.startsWith("node:"))).toEqual(["commander", "zod"]);
  });
});
