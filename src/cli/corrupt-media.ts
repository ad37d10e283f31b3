import { join } from "node:path";
import { defined } from "../core/defined.js";
import { ConfigError } from "../core/errors.js";
import { type DamagePart, parseDamage } from "../corruption/damage-specification.js";
import type { SplitName } from "../data/dataset.js";
import { parseMediaColumns } from "../features/extract/media-columns.js";
import type { CorruptMediaSummary } from "../features/corrupt/corrupt-media.js";
import { corruptsMedia, mediaConditions } from "../protocols/media-conditions.js";
import type { CommandContext } from "./context.js";
import { continuable, counting, interruptibleWork } from "./interruptible-work.js";
import { loadProtocol } from "./load-protocol.js";

/** Options of `euar corrupt` for raw media. */
export interface MediaOptions {
  readonly data: string;
  readonly out: string;
  readonly damage?: string | undefined;
  readonly protocol?: string | undefined;
  readonly condition?: string | undefined;
  readonly media?: readonly string[] | undefined;
  readonly label: string;
  readonly splits: readonly SplitName[];
  readonly seed: number;
  readonly overwrite: boolean;
}

/** Options that both ways to corrupt raw media have. */
const SHARED = ["data", "out", "media", "label", "splits", "overwrite"];

/**
 * Refuses options that belong to the other use of `euar corrupt`: features or raw media.
 *
 * @returns true if raw media are to be corrupted, by --damage or by a protocol
 * @throws ConfigError "config.conflict", and as `loadProtocol`
 */
export function forMedia(given: Readonly<Record<string, unknown>>): boolean {
  const keys = Object.keys(given).filter((key) => given[key] !== undefined);
  const { damage, protocol } = given;
  const byProtocol =
    damage === undefined && typeof protocol === "string" && corruptsMedia(loadProtocol(protocol));
  const isMedia = damage !== undefined || byProtocol;
  const own = [...SHARED, ...(byProtocol ? ["protocol", "condition"] : ["damage", "seed"])];
  const idle = isMedia
    ? keys.find((key) => !own.includes(key))
    : keys.find((key) => key === "media" || key === "label");
  if (idle === undefined) return isMedia;
  const what = byProtocol ? "a protocol for raw media" : "--damage";
  throw new ConfigError(
    "config.conflict",
    `euar corrupt: ${idle} has no effect ` +
      (isMedia ? `with ${what}, which corrupts raw media` : "without --damage"),
    { hint: `Leave ${idle} out${isMedia ? "" : ", or give --damage"}.` },
  );
}

/**
 * Writes corrupted copies of raw media, with a progress bar: one by --damage or for one condition of a
 * protocol, or one for every condition of a protocol, in a folder of its own.
 */
export async function corruptMediaCommand(options: MediaOptions, context: CommandContext): Promise<void> {
  const { damage, protocol: source, condition, out } = options;
  if (source === undefined || damage !== undefined) {
    const summary = await writeCopy(options, parseDamage(damage ?? ""), context);
    context.result(summary, summaryText(summary));
    return;
  }
  const protocol = loadProtocol(source);
  const chosen = mediaConditions(protocol, condition);
  requireOwnFolders(chosen.map(({ name }) => name));
  const summaries: (CorruptMediaSummary & { readonly condition: string })[] = [];
  for (const { name, parts } of chosen) {
    const place = condition === undefined ? join(out, folderName(name)) : out;
    const one = await writeCopy({ ...options, out: place, seed: protocol.seed }, parts, context);
    summaries.push({ ...one, condition: name });
  }
  const result = condition === undefined ? { out, conditions: summaries } : defined(summaries[0]);
  context.result(result, summaries.map(summaryText).join("\n"));
}

/** Refuses conditions whose copies would be written into the same folder. */
function requireOwnFolders(names: readonly string[]): void {
  const folders = names.map(folderName);
  const at = folders.findIndex((folder, i) => folders.indexOf(folder) !== i);
  if (at < 0) return;
  const [first, second] = [names[folders.indexOf(defined(folders[at]))], names[at]];
  throw new ConfigError(
    "config.invalid",
    `the conditions "${first ?? ""}" and "${second ?? ""}" would both be written to the folder ` +
      (folders[at] ?? ""),
    { hint: "Give one of them another name, or write them one by one with --condition." },
  );
}

/** Returns a condition's name without characters that file systems refuse. */
function folderName(condition: string): string {
  const name = condition.replace(/[^\w.-]+/g, "-").replace(/^\.+/, "");
  return name === "" ? "condition" : name;
}

async function writeCopy(
  { data: input, out, media, label, splits, seed, overwrite }: MediaOptions,
  parts: readonly DamagePart[],
  context: CommandContext,
): Promise<CorruptMediaSummary> {
  const { corruptMedia } = await import("../features/corrupt/corrupt-media.js"); // decoders load slowly
  const request = {
    ...{ input, out, label, splits, seed, overwrite, parts },
    media: media && parseMediaColumns(media),
  };
  const interrupted = continuable("writing the copy", "Written files are kept.");
  const summary = await interruptibleWork(
    context,
    { label: "corrupt", stopping: "Stopping. The files written so far are kept.", interrupted },
    (signal, progress) => corruptMedia(request, { signal, onProgress: counting(progress, "samples") }),
  );
  for (const note of summary.notes) context.log(note);
  return summary;
}

function summaryText({ out, corrupted, sizes, files, reused, failures }: CorruptMediaSummary): string {
  const counts = Object.entries(corrupted).map(([modality, count]) => `${count} ${modality}`);
  const samples = Object.entries(sizes).map(([split, size]) => `${size} ${split}`);
  return [
    `${out}: ${samples.join(", ")}; corrupted: ${counts.length === 0 ? "nothing" : counts.join(", ")}`,
    `${files} files${reused > 0 ? `, ${reused} of them written before` : ""}; manifest.jsonl lists ` +
      "every corruption",
    ...(failures > 0 ? [`${failures} failures are listed in failures.jsonl`] : []),
  ].join("\n");
}
