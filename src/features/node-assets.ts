import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, normalize } from "node:path";
import { existsSync } from "node:fs";
import { MediaError } from "../core/errors.js";
import type { ReadAsset } from "./asset.js";
import { missingPackage } from "./missing-package.js";

export { missingPackage } from "./missing-package.js";

/** Reads files of installed packages, wherever Node finds them. */
export const nodeAssets: ReadAsset = async (packageName, path) => {
  const folder = packageFolder(packageName);
  const file = normalize(join(folder, path));
  try {
    return await readFile(file);
  } catch (cause) {
    throw new MediaError("media.missing-package", `${packageName} is installed, but has no file ${path}`, {
      hint: `Install it again: npm install ${packageName}`,
      cause,
    });
  }
};

/**
 * Returns the version of an installed package.
 * @throws MediaError "media.missing-package"
 */
export async function packageVersion(packageName: string): Promise<string> {
  const value: unknown = JSON.parse(await readFile(join(packageFolder(packageName), "package.json"), "utf8"));
  if (typeof value === "object" && value !== null && "version" in value && typeof value.version === "string")
    return value.version;
  throw new MediaError("media.missing-package", `${packageName} states no version`, {
    hint: `Install it again: npm install ${packageName}`,
  });
}

/**
 * Finds the folder of a package by walking up the node_modules folders, because packages may not export their
 * package.json.
 * @throws MediaError "media.missing-package"
 */
export function packageFolder(packageName: string): string {
  const folders = createRequire(import.meta.url).resolve.paths(packageName) ?? [];
  const found = folders
    .map((folder) => join(folder, packageName))
    .find((folder) => existsSync(join(folder, "package.json")));
  if (found === undefined) throw missingPackage(packageName);
  return found;
}
