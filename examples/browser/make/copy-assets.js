// Copies the package files that a run's adapters read. The list of files is recorded by loading the adapters
// once.
import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Predictor } from "euar";

/** Files that only browsers request. In Node these packages find their own files. */
const PROGRAMS = {
  "@tensorflow/tfjs-backend-wasm": ["dist/tfjs-backend-wasm-simd.wasm", "dist/tfjs-backend-wasm.wasm"],
  "onnxruntime-web": ["dist/ort-wasm-simd-threaded.mjs"],
};

/**
 * @param {string} run
 * @param {string} assets folder that `fetchAssets` will read from
 * @returns {Promise<Record<string, number>>} bytes by package
 */
export async function copyAssets(run, assets) {
  const sizes = {};
  const copied = new Set();
  const copy = (name, path) => {
    const [from, to] = [join(packageFolder(name), path), join(assets, name, path)];
    if (!copied.has(to)) sizes[name] = (sizes[name] ?? 0) + statSync(from).size;
    copied.add(to);
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(from, to);
    return from;
  };
  const model = await Predictor.load(run, {
    media: { readAsset: async (name, path) => readFileSync(copy(name, path)) },
  });
  await model.prepare();
  await model.close();
  const used = new Set([
    ...Object.keys(sizes),
    ...Object.values(model.config.data.features ?? {}).flatMap(({ packages }) => Object.keys(packages)),
  ]);
  for (const [name, paths] of Object.entries(PROGRAMS))
    if (used.has(name)) for (const path of paths) copy(name, path);
  return sizes;
}

/**
 * Copies the files that the page itself reads from a package.
 * @param {string} assets as for {@link copyAssets}
 * @param {string} name
 * @param {string} path
 */
export function copyPackageFile(assets, name, path) {
  const to = join(assets, name, path);
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(join(packageFolder(name), path), to);
}

function packageFolder(name) {
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const found = folders
    .map((folder) => join(folder, name))
    .find((folder) => existsSync(join(folder, "package.json")));
  if (found === undefined) throw new Error(`${name} is not installed: npm install ${name}`);
  return found;
}
