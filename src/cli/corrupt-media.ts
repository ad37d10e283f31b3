import { ConfigError } from "../core/errors.js";
import { parseDamage } from "../corruption/damage-specification.js";
import type { SplitName } from "../data/dataset.js";
import { parseMediaColumns } from "../features/extract/media-columns.js";
import type { CorruptMediaSummary } from "../features/corrupt/corrupt-media.js";
import type { CommandContext } from "./context.js";
import { continuable, counting, interruptibleWork } from "./interruptible-work.js";

/** Options of `euar corrupt` for raw media. */
interface MediaOptions {
  readonly data: string;
  readonly out: string;
  readonly damage: string;
  readonly media?: readonly string[] | undefined;
  readonly label: string;
  readonly splits: readonly SplitName[];
  readonly seed: number;
  readonly overwrite: boolean;
}

const OWN = ["data", "out", "damage", "media", "label", "splits", "seed", "overwrite"];

/**
 * Refuses options that belong to the other use of `euar corrupt`: features or raw media.
 *
 * @throws ConfigError "config.conflict"
 */
export function refuseOtherUse(given: Readonly<Record<string, unknown>>): void {
  const keys = Object.keys(given).filter((key) => given[key] !== undefined);
  const isMedia = given["damage"] !== undefined;
  const idle = isMedia
    ? keys.find((key) => !OWN.includes(key))
    : keys.find((key) => key === "media" || key === "label");
  if (idle === undefined) return;
  throw new ConfigError(
    "config.conflict",
    `euar corrupt: ${idle} has no effect ` +
      (isMedia ? "with --damage, which corrupts raw media" : "without --damage"),
    { hint: `Leave ${idle} out${isMedia ? "" : ", or give --damage"}.` },
  );
}

/** Writes a corrupted copy of raw media, with a progress bar. */
export async function corruptMediaCommand(options: MediaOptions, context: CommandContext): Promise<void> {
  const { corruptMedia } = await import("../features/corrupt/corrupt-media.js"); // decoders load slowly
  const { data: input, damage, media, ...shared } = options;
  const request = {
    ...shared,
    input,
    parts: parseDamage(damage),
    media: media && parseMediaColumns(media),
  };
  const interrupted = continuable("writing the copy", "Written files are kept.");
  const summary = await interruptibleWork(
    context,
    { label: "corrupt", stopping: "Stopping. The files written so far are kept.", interrupted },
    (signal, progress) => corruptMedia(request, { signal, onProgress: counting(progress, "samples") }),
  );
  for (const note of summary.notes) context.log(note);
  context.result(summary, summaryText(summary));
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
