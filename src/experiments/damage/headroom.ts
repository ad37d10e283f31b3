import { defined } from "../../core/defined.js";
import { CLEAN } from "../../data/dataset.js";
import type { FindResult } from "../figure-context.js";
import type { Job } from "../job.js";
import type { Fold } from "./damage-data.js";
import { CLEAN_TEST, DAMAGED_TEST, properSubsets, subsetLabel } from "./damage-jobs.js";
import { type RunScores, scoresOf } from "./damage-scores.js";

/** Scores of one run with all modalities, and with each proper subset of them. */
export interface SubsetScores {
  readonly subset: readonly string[];
  readonly scores: RunScores;
}

/** Row of the table of headroom: scores of one way to choose among the subsets of a model's modalities. */
export interface HeadroomRow {
  readonly label: string;
  readonly of: (fold: Fold, all: readonly SubsetScores[]) => RunScores | undefined;
}

/** Returns the scores of a run with every subset of the modalities; undefined for a failed run. */
export function subsetScores(find: FindResult, fold: Fold, job: Job): readonly SubsetScores[] | undefined {
  const whole = scoresOf(find, fold, job);
  const parts = properSubsets(fold).map((subset) => ({
    subset,
    scores: scoresOf(find, fold, job, [subsetLabel(CLEAN_TEST, subset), subsetLabel(DAMAGED_TEST, subset)]),
  }));
  const names = fold.dataset.modalities.map(({ name }) => name);
  const all = [{ subset: names, scores: whole }, ...parts];
  const known = all.flatMap(({ subset, scores }) => (scores ? [{ subset, scores }] : []));
  return known.length === all.length ? known : undefined;
}

/**
 * Lists the rows: each modality alone; the subset that is best for the true severity and kinds; the modality
 * and the subset that are best for each sample. The last two know the labels, so no model reaches them.
 */
export function headroomRows(modalities: readonly string[]): HeadroomRow[] {
  return [
    ...modalities.map((name): HeadroomRow => ({
      label: `${name} alone`,
      of: (_, all) => all.find(({ subset }) => subset.length === 1 && subset[0] === name)?.scores,
    })),
    { label: "oracle of severity and kinds: best subset for each", of: bestByTruth },
    {
      label: "oracle of labels: best modality of each sample",
      of: (_, all) => largest(all.filter(({ subset }) => subset.length === 1)),
    },
    { label: "oracle of labels: best subset of each sample", of: (_, all) => largest(all) },
  ];
}

function largest(all: readonly SubsetScores[]): RunScores | undefined {
  const [first] = all;
  if (!first) return undefined;
  const best = (of: (scores: RunScores) => Float64Array): Float64Array =>
    of(first.scores).map((_, n) => Math.max(...all.map(({ scores }) => defined(of(scores)[n]))));
  return { clean: best(({ clean }) => clean), damaged: best(({ damaged }) => damaged) };
}

/** Chooses one subset for each combination of severities and kinds, by the mean score over its samples. */
function bestByTruth(fold: Fold, all: readonly SubsetScores[]): RunScores | undefined {
  const [first] = all;
  if (!first) return undefined;
  const truths = Object.values(fold.truth);
  const groups = new Map<string, number[]>();
  first.scores.damaged.forEach((_, row) => {
    const key = truths
      .map(({ kind, severity }) => `${kind[row] ?? CLEAN} ${defined(severity[row])}`)
      .join("/");
    groups.set(key, [...(groups.get(key) ?? []), row]);
  });
  const damaged = new Float64Array(first.scores.damaged.length);
  for (const rows of groups.values())
    copyBest(
      rows,
      all.map(({ scores }) => scores.damaged),
      damaged,
    );
  const clean = new Float64Array(first.scores.clean.length);
  copyBest(
    [...clean.keys()],
    all.map(({ scores }) => scores.clean),
    clean,
  );
  return { clean, damaged };
}

function copyBest(rows: readonly number[], lists: readonly Float64Array[], out: Float64Array): void {
  const sums = lists.map((list) => rows.reduce((sum, row) => sum + defined(list[row]), 0));
  const best = defined(lists[sums.indexOf(Math.max(...sums))]);
  for (const row of rows) out[row] = defined(best[row]);
}
