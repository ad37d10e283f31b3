import { readFileSync } from "node:fs";
import { z } from "zod";

/** The package's version, from its own package.json, which lies two folders above both src/cli and dist/cli. */
export function packageVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}
