// Finds a Chromium, Chrome or Edge: the one in EUAR_CHROMIUM, or one on the PATH.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** @returns {string | undefined} its executable */
export function findChromium() {
  if (process.env.EUAR_CHROMIUM) return process.env.EUAR_CHROMIUM;
  const folders = (process.env.PATH ?? "").split(delimiter);
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"];
  return names.flatMap((name) => folders.map((dir) => join(dir, name))).find((path) => existsSync(path));
}
