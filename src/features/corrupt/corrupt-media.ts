import { existsSync, lstatSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { ConfigError } from "../../core/errors.js";
import { type DamagePart, showDamage } from "../../corruption/damage-specification.js";
import type { SplitName } from "../../data/dataset.js";
import { jsonLine } from "../../data/files/json-line.js";
import { requireApart } from "../../data/files/output-place.js";
import { readSmallText } from "../../data/files/read-small-file.js";
import { writing } from "../../data/files/write-file.js";
import { writeWhole } from "../../data/formats/write-whole.js";
import { checkDamage } from "../damage/check-damage.js";
import { planDamage } from "../damage/plan-damage.js";
import type { MediaColumn } from "../extract/media-columns.js";
import { readSource } from "../extract/read-source.js";
import type { Sample, SampleSource } from "../extract/sample.js";
import { CopyWork, corruptFiles } from "./copy-work.js";
import { type CopiedSample, tableNamer, tablesOf } from "./labels-table.js";
import type { ManifestEntry } from "./manifest.js";

export interface CorruptMediaRequest {
  /** Folder or table of raw media, as `extractDataset` reads it. */
  readonly input: string;
  /** Folder to write the corrupted copy to. */
  readonly out: string;
  readonly parts: readonly DamagePart[];
  /** Splits to corrupt. The others are copied. */
  readonly splits: readonly SplitName[];
  readonly seed: number;
  /** Column with the labels. */
  readonly label: string;
  /** Columns of a table that hold media. */
  readonly media?: readonly MediaColumn[] | undefined;
  /** Replaces an earlier copy that was made with other options. */
  readonly overwrite: boolean;
}

export interface CorruptMediaSummary {
  /** Absolute path of the copy. */
  readonly out: string;
  readonly name: string;
  readonly sizes: Readonly<Record<SplitName, number>>;
  /** Number of corrupted media, by modality. */
  readonly corrupted: Readonly<Record<string, number>>;
  /** Number of files, and those that an interrupted run had written already. */
  readonly files: number;
  readonly reused: number;
  /** Number of lines in failures.jsonl. */
  readonly failures: number;
  readonly notes: readonly string[];
}

export interface CorruptMediaHooks {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/**
 * Writes a copy of a folder or table of raw media in which some splits are corrupted. The copy has the form
 * of its source, so that `extractDataset` and other tools read it. `manifest.jsonl` lists every corruption.
 *
 * Each file is written completely or not at all, and the tables last. After an interruption, the same request
 * continues. A medium that cannot be read is left out and listed in `failures.jsonl`.
 * @throws ConfigError for a specification that does not fit the source, or an `out` that holds something else
 * @throws DataError for a source that cannot be read
 * @throws the signal's reason when aborted
 */
export async function corruptMedia(
  request: CorruptMediaRequest,
  { signal, onProgress }: CorruptMediaHooks,
): Promise<CorruptMediaSummary> {
  requireApart(request.out, request.input);
  const source = readSource(request.input, { label: request.label, seed: 1, media: request.media });
  checkParts(request, source);
  const samples = plannedSamples(request, source);
  const out = resolve(request.out);
  await claimFolder(out, request);
  const work = new CopyWork({ out, source, tableOf: tableNamer(request.input, source.layout), signal });
  const copied: CopiedSample[] = [];
  for (const [n, sample] of samples.entries()) {
    signal.throwIfAborted();
    copied.push(await work.copy(sample, n));
    onProgress(n + 1, samples.length);
  }
  const failures = [...source.failures, ...work.failures];
  const form = { layout: source.layout, input: request.input, columns: request.media };
  for (const { name, content } of tablesOf(form, copied)) await writeWhole(join(out, name), content);
  await writeWhole(join(out, corruptFiles.manifest), work.entries.map(jsonLine).join(""));
  await writeWhole(join(out, corruptFiles.failures), failures.map(jsonLine).join(""));
  writing(out, () => {
    rmSync(join(out, corruptFiles.journal), { force: true });
  });
  const ofSplit = (split: SplitName): number => samples.filter((sample) => sample.split === split).length;
  return {
    out,
    name: source.name,
    sizes: { train: ofSplit("train"), valid: ofSplit("valid"), test: ofSplit("test") },
    corrupted: countByModality(work.entries),
    files: work.files,
    reused: work.reused,
    failures: failures.length,
    notes: source.notes,
  };
}

function checkParts({ input, parts }: CorruptMediaRequest, { modalities, layout }: SampleSource): void {
  if (layout === "scenes")
    throw new ConfigError(
      "config.conflict",
      `${input} has two pictures in each file, which are not written`,
      {
        hint: "Corrupt them while features are extracted: euar extract --noise or --copies.",
      },
    );
  checkDamage(parts, modalities, "--damage");
  const open = parts.find(({ severity }) => severity === undefined);
  if (open !== undefined)
    throw new ConfigError("config.invalid", `--damage: ${showDamage(open)} has no severity`, {
      hint: `For example: ${showDamage({ ...open, severity: [0.5, 0.5] })}.`,
    });
}

/** Returns all samples, those of the requested splits with their corruption. */
function plannedSamples(
  { parts, seed, splits }: CorruptMediaRequest,
  { samples, modalities }: SampleSource,
): Sample[] {
  // media that are mixed in come from the same split
  const corrupted = splits.flatMap((name) =>
    planDamage(
      samples.filter(({ split }) => split === name),
      { parts, seed, modalities },
    ),
  );
  const planned = new Map(corrupted.map((sample) => [sample.id, sample]));
  return samples.map((sample) => planned.get(sample.id) ?? sample);
}

/**
 * Makes the output folder, or continues in one of the same request.
 * @throws ConfigError "config.conflict" for a folder that holds anything else
 */
async function claimFolder(out: string, request: CorruptMediaRequest): Promise<void> {
  const { input, parts, splits, seed, label, media, overwrite } = request;
  const content = {
    input: resolve(input),
    damage: parts.map(showDamage).join(","),
    splits,
    seed,
    label,
    ...(media && { media }),
  };
  const text = `${JSON.stringify(content, null, 2)}\n`;
  const file = join(out, corruptFiles.request);
  if (existsSync(file)) {
    if (readSmallText(file) === text) return;
    if (!overwrite)
      throw new ConfigError("config.conflict", `${out} holds a copy that was made with other options`, {
        hint: `Choose another --out, or use --overwrite. ${corruptFiles.request} there has its options.`,
      });
    writing(out, () => {
      rmSync(out, { recursive: true });
    });
  } else if (existsSync(out) && (!lstatSync(out).isDirectory() || readdirSync(out).length > 0))
    throw new ConfigError("config.conflict", `${out} holds something that is not a corrupted copy of media`, {
      hint: "Choose another --out. Only an earlier copy is replaced.",
    });
  await writeWhole(file, text);
}

function countByModality(entries: readonly ManifestEntry[]): Record<string, number> {
  const media = new Map<string, Set<string>>();
  for (const { modality, id } of entries) media.set(modality, (media.get(modality) ?? new Set()).add(id));
  return Object.fromEntries([...media].map(([modality, ids]) => [modality, ids.size]));
}
