import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { root } from "../run-euar.js";

/** Modules of Node that a bundler finds from an entry, also behind `import()`, each with its importer. */
async function nodeModulesBehind(entry: string): Promise<readonly string[]> {
  const { metafile } = await build({
    entryPoints: [entry],
    absWorkingDir: root,
    bundle: true,
    format: "esm",
    platform: "browser",
    metafile: true,
    write: false,
    logLevel: "silent",
    external: ["node:*"],
  });
  return Object.entries(metafile.inputs).flatMap(([file, { imports }]) =>
    imports.filter(({ path }) => path.startsWith("node:")).map(({ path }) => `${file} imports ${path}`),
  );
}

describe("bundles for a page", () => {
  it.each([
    "src/browser.ts",
    "src/client.ts",
    "src/metrics.ts",
    "src/models.ts",
    "src/tensor.ts",
    // all kinds of media with their adapters
    "src/features/registry.ts",
  ])("%s reaches no module of Node", async (entry) => {
    expect(await nodeModulesBehind(entry)).toEqual([]);
  });

  it("finds modules of Node behind import()", async () => {
    expect(await nodeModulesBehind("src/features/decode/media-file.ts")).toContain(
      "src/features/decode/tool-process.ts imports node:child_process",
    );
  });
});
