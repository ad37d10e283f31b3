import { join } from "node:path";
import { z } from "zod";
import { MediaError } from "../../core/errors.js";
import { SPLIT_NAMES } from "../../data/dataset.js";
import { extractDataset } from "../../features/extract/extract-dataset.js";
import { extractFiles } from "../../features/extract/extract-files.js";
import { parseMediaColumns, parseNamedAdapters } from "../../features/extract/media-columns.js";
import type { ExtractRequest, ExtractSummary } from "../../features/extract/extract-request.js";
import { ALL_GROUPS, foldGroups } from "../../features/extract/fold-groups.js";
import { executorFor } from "../../features/extract/worker-executor.js";
import { DAMAGED_FILE } from "../../features/extract/write-dataset.js";
import type { MediumKind } from "../../features/adapter.js";
import {
  type AdapterChoice,
  allMedia,
  knownAdapters,
  media,
  mediumKinds,
  parseAdapterChoice,
} from "../../features/registry.js";
import { textTable } from "../../report/text-table.js";
import { defineCommand } from "../command.js";
import { type IdleRule, refuseIdle } from "../idle-options.js";
import type { CommandContext } from "../context.js";
import { continuable, counting, defaultWorkers, interruptibleWork } from "../interruptible-work.js";

/** One flag per kind of medium, named after its usual modality: the adapter that extracts its features. */
const adapterFields = Object.fromEntries(
  mediumKinds.map((kind) => [media[kind].modality, adapterField(kind)]),
) as Record<UsualModality, ReturnType<typeof adapterField>>;

type UsualModality = (typeof media)[MediumKind]["modality"];

function adapterField(kind: MediumKind): z.ZodOptional<z.ZodString> {
  const known = knownAdapters(kind).map(({ id }) => id);
  return z
    .string()
    .optional()
    .describe(
      `adapter for ${media[kind].modality}, as ID or ID:option=value,option=value; one of ` +
        `${known.join(", ")} (default: the first)`,
    );
}

/** Lists the noise presets of each kind of medium that has any. */
function noiseHelp(): string {
  return allMedia
    .flatMap(({ modality, noise }) =>
      noise === undefined ? [] : [`for ${modality} one of ${noise.presets.join(", ")}`],
    )
    .join("; ");
}

const schema = z.strictObject({
  input: z
    .string()
    .describe(
      "folder of clips with a label.csv, folder of posts (train.jsonl, dev.jsonl, test.jsonl, or " +
        "MVSA's labelResultAll.txt), NYU Depth V2 (train and test with a folder of side-by-side PNG files " +
        "for each class), or a table (.csv, .tsv, .jsonl) with a column text or the columns that " +
        "--media names",
    ),
  out: z.string().describe("folder to write the data set to"),
  media: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe(
      "columns of a table that hold media, each as NAME=KIND:COLUMN. NAME is your choice, KIND is one of " +
        `${mediumKinds.join(", ")}. A cell is a text, or the path of a file relative to the table`,
    ),
  modalities: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe("modalities to extract (default: all that the input can have)"),
  ...adapterFields,
  adapters: z
    .string()
    .min(1)
    .optional()
    .describe(
      "adapters of single modalities, as NAME=ID:option=value,option=value, separated by semicolons; " +
        "other modalities use the adapter of their kind",
    ),
  align: z
    .enum(["uniform", "word", "none"])
    .default("uniform")
    .describe(
      "uniform: at most STEPS spans of equal length; word: one step per word if a transcript with " +
        "times exists (.srt, .vtt or .json next to the clip), otherwise uniform; none: the adapters' " +
        "own steps",
    ),
  steps: z.int().min(1).max(100_000).default(50).describe("number of steps with --align uniform"),
  pool: z
    .enum(["none", "mean"])
    .default("none")
    .describe("mean: store the mean of the usable steps; none: store the sequence"),
  fps: z.number().positive().max(240).default(5).describe("video frames per second to extract features from"),
  noise: z
    .string()
    .min(1)
    .optional()
    .describe(
      "noise on pixels and words before features are extracted, as modality=preset:epsilon with " +
        "epsilon 0 to 10, separated by commas; " +
        noiseHelp(),
    ),
  noiseSplits: z.array(z.enum(SPLIT_NAMES)).min(1).default(["test"]).describe("splits that get the noise"),
  noiseSeed: z.int().min(0).default(1).describe("seed of the noise; each sample gets its own random numbers"),
  copies: z
    .string()
    .min(1)
    .optional()
    .describe(
      "corrupted copies of the training samples to extract too, for training with --copies raw: " +
        "modality=kind or modality=kind:least-most with severities 0 to 1, separated by commas, e.g. " +
        "audio=babble,audio=telephone,text=typos:0.2-0.6. Each copy draws one kind for a modality, or " +
        "leaves the modality clean; docs/damage.md lists the kinds",
    ),
  copiesPerSample: z.int().min(1).max(100).default(1).describe("number of copies of each training sample"),
  copiesSeed: z
    .int()
    .min(0)
    .default(1)
    .describe("seed of the copies: their kinds, severities and random numbers"),
  testCopies: z
    .string()
    .min(1)
    .optional()
    .describe(
      "kinds of corruption for copies of the test samples, as modality=kind, separated by commas. Kinds of " +
        "--copies make one series of rising severity, other kinds a second one. OUT/damaged.json is the " +
        "data set with these copies as its test split",
    ),
  testSeverities: z
    .array(z.number().positive().max(1))
    .min(1)
    .default([0.2, 0.4, 0.6, 0.8, 1])
    .describe("severities of the copies of the test samples"),
  testSeed: z.int().min(0).default(1).describe("seed of the test copies: their kinds and random numbers"),
  label: z.string().min(1).default("label").describe("column with the labels"),
  task: z
    .enum(["regression", "classification"])
    .optional()
    .describe("task that the labels define (default: regression if most labels are numbers)"),
  seed: z
    .int()
    .min(0)
    .default(1)
    .describe("seed of the random 8:1:1 split, drawn if the input has no splits"),
  groupBy: z
    .string()
    .min(1)
    .optional()
    .describe(
      "column with the group of each row, e.g. its speaker or dialogue; if splits are drawn, a group " +
        "stays in one split. none: draw sample by sample. Default: the video_id of a clip, or the common " +
        "part of the ids (video$_$clip, video[3], video_12)",
    ),
  testGroup: z
    .string()
    .min(1)
    .optional()
    .describe(
      "group of --group-by to test on, in place of the splits of the input; the next group in " +
        "alphabetical order is for validation. all: every group in turn, each in its own data set " +
        "OUT/GROUP",
    ),
  workers: z
    .int()
    .min(1)
    .max(256)
    .optional()
    .describe("number of threads (default: one per core, at most 4). Results do not depend on it"),
  cache: z
    .string()
    .optional()
    .describe(
      "folder that caches extracted features; several data sets may share it (default: $EUAR_CACHE, " +
        "otherwise .cache in OUT)",
    ),
  strict: z.boolean().default(false).describe("fail if failures.jsonl is not empty"),
  overwrite: z
    .boolean()
    .default(false)
    .describe("replace a data set in OUT that was made with other options"),
});

type Options = z.infer<typeof schema>;

const idleRules: readonly IdleRule[] = [
  { keys: ["noiseSplits", "noiseSeed"], needs: "noise", values: "given" },
  { keys: ["copiesPerSample", "copiesSeed"], needs: "copies", values: "given" },
  { keys: ["testSeverities", "testSeed"], needs: "testCopies", values: "given" },
];

export const extractCommand = defineCommand({
  name: "extract",
  description:
    "Extracts features from clips, posts or texts and writes a data set for training. After an " +
    "interruption, run the same command again: extracted features are cached and reused. Unreadable " +
    "inputs are listed in OUT/failures.jsonl, the quality of all others in OUT/quality.jsonl.",
  schema,
  positional: { key: "input", label: "input" },
  examples: [
    "euar extract clips --out clips-data --modalities text,audio --align word",
    "euar extract mvsa --out mvsa-data --workers 2",
    "euar extract mvsa --out mvsa-noisy --noise image=gaussian/clean:5,text=blank/clean:5",
    "euar extract clips --out clips-data --copies audio=babble,audio=packet-loss,text=recognition-errors",
    "euar extract scenes.csv --media rgb=image:rgb_path,depth=image:depth_path --out scenes-data",
    "euar extract tweets.tsv --out tweets-data --text text/use-lite:pooling=tokens",
    "euar extract digits.tsv --media audio=audio:wav,image=image:png --group-by speaker --test-group " +
      "all --out folds",
    "euar train --data clips-data --out run",
  ],
  underlay: (given) => {
    refuseIdle(idleRules, given);
    return {};
  },
  run: async (options, context) => {
    const folds = options.testGroup === ALL_GROUPS ? foldGroups(options.input, options.groupBy) : [];
    const summaries: ExtractSummary[] = [];
    for (const each of folds.length === 0 ? [options] : folds.map((group) => foldOptions(options, group))) {
      const summary = await extractWithProgress(each, context);
      for (const note of summary.notes) context.log(note);
      requireNoFailures(options, summary);
      summaries.push(summary);
    }
    const [first] = summaries;
    context.result(
      summaries.length === 1 && first ? first : summaries,
      summaries.map((summary) => summaryText(summary, context.style.bold)).join("\n\n"),
    );
  },
});

/** Options of one fold: its own folder, and the cache that all folds share. */
function foldOptions(options: Options, group: string): Options {
  return {
    ...options,
    testGroup: group,
    out: join(options.out, group),
    cache: options.cache ?? join(options.out, extractFiles.cache),
  };
}

function requireNoFailures({ strict }: Options, { failures, out }: ExtractSummary): void {
  if (!strict || failures === 0) return;
  throw new MediaError(
    "media.damaged",
    `${failures} failures are listed in ${out}/${extractFiles.failures}`,
    {
      hint: "The data set was written. Leave out --strict to accept the failures.",
    },
  );
}

async function extractWithProgress(options: Options, context: CommandContext): Promise<ExtractSummary> {
  const workers = options.workers ?? defaultWorkers();
  const request = { ...requestOf(options, context.io.env["EUAR_CACHE"]), workers };
  const interrupted = continuable("the extraction", "Extracted features are not extracted again.");
  // The number of samples is unknown until the source is read, so the bar counts fractions.
  return interruptibleWork(
    context,
    { label: "extract", stopping: "Stopping. The features extracted so far are kept.", interrupted },
    (signal, progress) =>
      extractDataset(request, {
        signal,
        openExecutor: executorFor(workers),
        onProgress: counting(progress, "samples"),
      }),
  );
}

function requestOf(options: Options, environmentCache: string | undefined): Omit<ExtractRequest, "workers"> {
  const columns = options.media === undefined ? undefined : parseMediaColumns(options.media);
  const { input, out, align, steps, pool, fps, label, task, seed, overwrite, noise, noiseSplits, noiseSeed } =
    options;
  return {
    ...{ input, out, align, steps, pool, fps, label, task, seed, overwrite },
    groupBy: options.groupBy,
    testGroup: options.testGroup,
    media: columns,
    modalities: options.modalities,
    noise: noise === undefined ? undefined : { specification: noise, splits: noiseSplits, seed: noiseSeed },
    copies:
      options.copies === undefined
        ? undefined
        : {
            specification: options.copies,
            seed: options.copiesSeed,
            perSample: options.copiesPerSample,
          },
    testCopies:
      options.testCopies === undefined
        ? undefined
        : {
            specification: options.testCopies,
            seed: options.testSeed,
            severities: options.testSeverities,
          },
    adapters: options.adapters === undefined ? {} : parseNamedAdapters(options.adapters),
    kindAdapters: kindAdaptersOf(options),
    cache: options.cache ?? (environmentCache === "" ? undefined : environmentCache),
  };
}

/** Adapters by kind of medium. */
function kindAdaptersOf(options: Options): Readonly<Partial<Record<MediumKind, AdapterChoice>>> {
  return Object.fromEntries(
    mediumKinds.flatMap((kind) => {
      const text = options[media[kind].modality];
      return text === undefined ? [] : [[kind, parseAdapterChoice(kind, text)] as const];
    }),
  );
}

function summaryText(
  { out, sizes, modalities: counts, leftOut, failures, cached, made, copies, testCopies }: ExtractSummary,
  bold: (text: string) => string,
): string {
  const table = textTable(
    {
      caption: `${out}: ${Object.entries(sizes)
        .map(([split, size]) => `${size} ${split}`)
        .join(", ")}`,
      columns: [
        { heading: "modality" },
        { heading: "present", numeric: true },
        { heading: "absent", numeric: true },
        { heading: "failed", numeric: true },
      ],
      rows: counts.map(({ modality, present, absent, failed }) => [
        modality,
        String(present),
        String(absent),
        String(failed),
      ]),
    },
    bold,
  );
  const lines = [`${made} features, ${cached} of them from the cache`];
  if (copies > 0) lines.push(`${copies} corrupted copies of training samples: train with --copies raw`);
  if (testCopies > 0) lines.push(`${testCopies} corrupted copies of test samples: ${DAMAGED_FILE}`);
  if (failures > 0)
    lines.push(`${failures} failures are listed in ${extractFiles.failures}; ${leftOut} rows are left out`);
  return [table, "", ...lines].join("\n");
}
