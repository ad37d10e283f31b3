import { packageInfo } from "../core/package-info.js";

/** The package's version. */
export function packageVersion(): string {
  return packageInfo.version;
}
