import { readFileSync } from "node:fs";
import { join } from "node:path";
import { euar, type Outcome } from "./run-euar.js";

const noteAtExit =
  "data:text/javascript,import{writeFileSync}from'node:fs';process.on('exit',()=>" +
  "writeFileSync(process.env.EUAR_PEAK_FILE,String(process.resourceUsage().maxRSS)))";

/**
 * Runs `euar` and measures the peak memory of its process in MiB. Programs that it starts are not counted.
 */
export function euarWithPeak(args: readonly string[], cwd: string): Outcome & { readonly peakMiB: number } {
  const file = join(cwd, "peak.txt");
  const outcome = euar(args, { cwd, env: { NODE_OPTIONS: `--import=${noteAtExit}`, EUAR_PEAK_FILE: file } });
  return { ...outcome, peakMiB: Number(readFileSync(file, "utf8")) / 1024 };
}
