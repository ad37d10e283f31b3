import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { ConfigError, DataError } from "../../core/errors.js";
import { SPLIT_NAMES, type SplitName } from "../../data/dataset.js";
import { jsonLine } from "../../data/files/json-line.js";
import { readSmallText } from "../../data/files/read-small-file.js";
import { kindOfModality } from "../registry.js";
import { writeWhole } from "../../data/formats/write-whole.js";
import { type Executor, extractAll, type OpenExecutor } from "./executor.js";
import { extractFiles } from "./extract-files.js";
import {
  type ExtractHooks,
  type ExtractRequest,
  type ExtractSummary,
  planExtraction,
  planNoise,
} from "./extract-request.js";
import { copyFailures, madeCopies, planTestCopies, planTrainingCopies } from "./copies.js";
import { withLabels } from "./labels.js";
import type { MadeSample } from "./made-sample.js";
import type { NoiseRequest } from "./media-noise.js";
import { outcomeOf, requireNamed, requireSamples } from "./outcome.js";
import type { ExtractPlan } from "./plan.js";
import { readSource } from "./read-source.js";
import type { Failure, Sample } from "./sample.js";
import { writeDataset } from "./write-dataset.js";

/**
 * Extracts features from raw media and writes a data set.
 *
 * Features are cached under their content and adapter. A later run, or the continuation of an interrupted
 * one, reuses them. The result does not depend on the number of workers.
 *
 * If a medium cannot be read, its sample lacks that modality, and `failures.jsonl` lists the medium. A row
 * without a label, a split or a usable modality is left out, and listed too.
 * @throws ConfigError for options that contradict each other, or an `out` that holds something else
 * @throws DataError for a source that cannot be read or has an empty split
 * @throws MediaError for a missing package or program, or a split without a usable sample
 * @throws the signal's reason when aborted
 */
export async function extractDataset(
  request: ExtractRequest,
  { signal, onProgress, openExecutor }: ExtractHooks,
): Promise<ExtractSummary> {
  const out = resolve(request.out);
  const source = readSource(request.input, request);
  const plan = planExtraction(request, source, resolve(request.cache ?? join(out, extractFiles.cache)));
  const {
    kind,
    isCertain,
    samples: labelled,
    failures: unlabelled,
  } = withLabels(source.samples, request.task);
  const noise = planNoise(request, source, plan);
  const samples = labelled.map((sample) =>
    noise?.splits.includes(sample.split) === true ? { ...sample, noise: noise.noise } : sample,
  );
  const planned = planTrainingCopies(samples, request, plan);
  const plannedTest = planTestCopies(samples, request, plan);
  const refused = [...source.failures, ...unlabelled];
  requireSplits(samples, refused, request);
  checkFolder(out, request.overwrite, requestText(request, plan, noise));
  const executors = await openAll(openExecutor, plan, Math.max(1, Math.min(request.workers, samples.length)));
  try {
    await writeWhole(join(out, extractFiles.request), requestText(request, plan, noise));
    const all = [...samples, ...[...planned, ...plannedTest].map(({ sample }) => sample)];
    const extracted = await extractAll(executors, all, signal, (done) => {
      onProgress(done, all.length);
    });
    const [results, others] = [extracted.slice(0, samples.length), extracted.slice(samples.length)];
    const [ofCopies, ofTest] = [others.slice(0, planned.length), others.slice(planned.length)];
    const outcome = outcomeOf(samples, results, plan);
    const failures = [
      ...refused,
      ...outcome.failures,
      ...copyFailures(planned, ofCopies),
      ...copyFailures(plannedTest, ofTest),
    ];
    await writeWhole(join(out, extractFiles.failures), failures.map(jsonLine).join(""));
    await writeWhole(join(out, extractFiles.quality), outcome.kept.map(qualityLines).join(""));
    requireNamed(outcome, request.modalities);
    requireSamples(outcome);
    const { modalities, kept, counts, sizes, made, cached } = outcome;
    const of = (name: SplitName): Sample[] => samples.filter(({ split }) => split === name);
    const copies = madeCopies(planned, ofCopies, of("train"), kept);
    const testCopies = madeCopies(plannedTest, ofTest, of("test"), kept);
    await writeDataset(
      out,
      {
        name: source.name,
        kind: isCertain ? kind : undefined,
        plan,
        identities: executors[0]?.identities ?? {},
        modalities,
        samples: kept,
        copies,
        testCopies,
        noise,
      },
      signal,
    );
    const leftOut = refused.length + outcome.leftOut;
    return {
      out,
      name: source.name,
      task: kind,
      sizes,
      modalities: counts,
      leftOut,
      failures: failures.length,
      made,
      cached,
      notes: [...source.notes, ...outcome.notes],
      copies: copies.length,
      testCopies: testCopies.length,
    };
  } finally {
    await Promise.allSettled(executors.map((executor) => executor.close()));
  }
}

/** One line per modality: the measures and problems of its quality. */
function qualityLines({ sample, made }: MadeSample): string {
  return made
    .map(({ modality, usable, quality }) =>
      jsonLine({ id: sample.id, split: sample.split, modality, present: usable, ...quality }),
    )
    .join("");
}

/** @throws DataError "data.empty" */
function requireSplits(
  samples: readonly Sample[],
  refused: readonly Failure[],
  { input }: ExtractRequest,
): void {
  const empty = SPLIT_NAMES.find((split) => !samples.some((sample) => sample.split === split));
  if (empty === undefined) return;
  const [first] = refused;
  const why =
    first === undefined
      ? ""
      : ` ${refused.length} rows were refused; the first: ${first.id}: ${first.message}.`;
  throw new DataError("data.empty", `${input} has no sample of ${empty}.${why}`, {
    hint: "train, valid and test need samples. Without a column of splits, an 8:1:1 split needs at least 3.",
  });
}

/**
 * Checks that the output folder holds no data set made with other options.
 * @throws ConfigError "config.conflict"
 */
function checkFolder(out: string, overwrite: boolean, text: string): void {
  if (overwrite || !existsSync(join(out, "dataset.json"))) return;
  const file = join(out, extractFiles.request);
  if (!existsSync(file)) {
    throw new ConfigError("config.conflict", `${out} holds a data set that was not extracted`, {
      hint: "Choose another --out, or replace it with --overwrite.",
    });
  }
  if (readSmallText(file) === text) return;
  throw new ConfigError(
    "config.conflict",
    `${out} holds a data set that was extracted with other options or of other media`,
    {
      hint: `Choose another --out, or use --overwrite. ${extractFiles.request} there has its options.`,
    },
  );
}

/** Content of extract.json: the options that determine the data set. */
function requestText(
  { input, media, label, task, seed, groupBy, testGroup, fps, copies, testCopies }: ExtractRequest,
  { modalities }: ExtractPlan,
  noise: NoiseRequest | undefined,
): string {
  const request = {
    input: resolve(input),
    ...(media && { media }),
    label,
    task: task ?? null,
    seed,
    ...(groupBy !== undefined && { groupBy }),
    ...(testGroup !== undefined && { testGroup }),
    fps,
    modalities: modalities.map(({ modality, kind, choice, preparation }) => ({
      modality,
      ...(kindOfModality(modality) !== kind && { kind }), // same text as in files of earlier versions
      choice,
      preparation,
    })),
    ...(noise && { noise: { ...noise, noise: { seed: noise.noise.seed, ...noise.noise.on } } }),
    ...(copies && { copies }),
    ...(testCopies && { testCopies }),
  };
  return `${JSON.stringify(request, null, 2)}\n`;
}

/**
 * Opens the first executor alone. It downloads what is missing, so that the others find it in place. If it
 * fails, the others are not tried.
 */
async function openAll(open: OpenExecutor, plan: ExtractPlan, count: number): Promise<Executor[]> {
  const first = await open(plan);
  const opened = await Promise.allSettled(Array.from({ length: count - 1 }, () => open(plan)));
  const executors = [
    first,
    ...opened.flatMap((result) => (result.status === "fulfilled" ? [result.value] : [])),
  ];
  const failed = opened.find((result) => result.status === "rejected");
  if (failed === undefined) return executors;
  await Promise.allSettled(executors.map((executor) => executor.close()));
  throw failed.reason;
}
