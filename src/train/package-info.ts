import { readFileSync } from "node:fs";

/** Name and version from the package's own package.json, two folders above both src/train and dist/train. */
export function packageInfo(): { readonly name: string; readonly version: string } {
  const value: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  const { name, version } = value as { readonly name: string; readonly version: string };
  return { name, version };
}
