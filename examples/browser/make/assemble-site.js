// Assembles the page: its files, its scripts, the weights, and exactly those package files that the adapters
// of the weights read.
import { copyFileSync, cpSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { copyAssets, copyPackageFile } from "./copy-assets.js";
import { bundle } from "./bundle.js";

const page = fileURLToPath(new URL("../page", import.meta.url));

/**
 * @param {string} out
 * @param {import("./runs.js").Runs} runs
 * @returns {Promise<{ site: string, sizes: Record<string, number> }>} the folder to serve, and bytes by
 * purpose
 */
export async function assembleSite(out, runs) {
  const site = join(out, "site");
  rmSync(site, { recursive: true, force: true });
  mkdirSync(join(site, "models"), { recursive: true });
  for (const file of ["index.html", "style.css"]) copyFileSync(join(page, file), join(site, file));
  const sizes = { "the page's scripts": await bundle(page, site) };
  const manifest = { unavailable: runs.unavailable };
  for (const kind of ["post", "clip"]) {
    const run = runs[kind];
    if (run === undefined) continue;
    const weights = `models/${kind}.safetensors`;
    cpSync(join(run.folder, "weights.safetensors"), join(site, weights));
    manifest[kind] = { weights, name: run.name, toy: run.toy };
    sizes[`weights, ${kind}`] = statSync(join(site, weights)).size;
    Object.assign(sizes, await copyAssets(run.folder, join(site, "assets")));
  }
  // fine-tuning states the tokenizer's version
  copyPackageFile(join(site, "assets"), "@huggingface/tokenizers", "package.json");
  writeFileSync(join(site, "manifest.json"), JSON.stringify(manifest));
  return { site, sizes };
}
