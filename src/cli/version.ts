import { packageInfo } from "../core/package-info.js";

/** Returns the package's version. */
export function packageVersion(): string {
  return packageInfo.version;
}
