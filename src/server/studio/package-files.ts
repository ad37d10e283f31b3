import { readdirSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { knownAdapters, mediumKinds } from "../../features/registry.js";
import { packageFolder } from "../../features/node-assets.js";
import { type StudioFile, typeOfFile } from "./studio-files.js";

/** Pattern of a package, with or without scope, and the path of a file in it. */
const ADDRESS = /^((?:@[\w.-]+\/)?[\w.-]+)\/(.+)$/;

/**
 * Files of the packages that adapters read, for models that run in a page. Lists the files of these packages
 * once and looks requests up in the list, so that no path of a client reaches the file system.
 */
export class PackageFiles {
  private readonly known = new Map<string, ReadonlyMap<string, StudioFile>>();

  /**
   * Returns a file.
   * @param address PACKAGE/PATH, percent-encoded
   * @returns undefined if no adapter reads the package, or if it has no such file
   */
  find(address: string): StudioFile | undefined {
    const [, name = "", path = ""] = ADDRESS.exec(decoded(address)) ?? [];
    if (!packagesOfAdapters().has(name)) return undefined;
    const files = this.known.get(name) ?? listed(name);
    this.known.set(name, files);
    return files.get(path);
  }
}

/** Returns the decoded text, or the text unchanged if its percent-encoding is invalid. */
function decoded(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

function packagesOfAdapters(): ReadonlySet<string> {
  return new Set(mediumKinds.flatMap((kind) => knownAdapters(kind).flatMap(({ packages }) => packages)));
}

/**
 * Returns the files of an installed package by their path in it. Empty for a package that is not installed.
 */
function listed(name: string): ReadonlyMap<string, StudioFile> {
  const folder = installed(name);
  const files = new Map<string, StudioFile>();
  if (folder === undefined) return files;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(relative(folder, path).split(sep).join("/"), {
      path,
      type: typeOfFile(entry.name) ?? "application/octet-stream",
      bytes: statSync(path).size,
      isImmutable: false,
    });
  }
  return files;
}

function installed(name: string): string | undefined {
  try {
    return packageFolder(name);
  } catch {
    return undefined;
  }
}
