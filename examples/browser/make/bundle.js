// Bundles the page's scripts from the built entry points of the package, as a user's own bundler would.
import { build } from "esbuild";

/**
 * @param {string} page folder of the sources
 * @param {string} site folder to write to
 * @returns {Promise<number>} bytes written
 */
export async function bundle(page, site) {
  const { metafile } = await build({
    entryPoints: ["app", "worker", "tune-worker"].map((name) => `${page}/${name}.ts`),
    outdir: site,
    bundle: true,
    splitting: true,
    minify: true,
    metafile: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    tsconfigRaw: {}, // the package itself, not its sources
    external: ["node:*", "sharp"], // behind imports that only Node reaches
    chunkNames: "chunks/[name]-[hash]",
    logLevel: "error",
  });
  return Object.values(metafile.outputs).reduce((sum, { bytes }) => sum + bytes, 0);
}
