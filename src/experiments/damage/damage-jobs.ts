import type { LabelOptions } from "../../data/formats/load-options.js";
import { modalitySubsets } from "../../data/subsets.js";
import { type Job, jobSchema } from "../job.js";
import type { Recipe } from "../recipe.js";
import { type RowModel, subsetCondition, trainingOf } from "../rows.js";
import type { Fold } from "./damage-data.js";

/** Labels of the conditions of a job. */
export const CLEAN_TEST = "clean";
export const DAMAGED_TEST = "damaged";

/** Options of the trainings. */
export interface DamageTraining {
  readonly seeds: readonly number[];
  readonly recipe: Recipe;
  readonly labels?: LabelOptions | undefined;
  readonly arithmetic?: "fast" | undefined;
}

/** Returns the label of a test with only some of the modalities. */
export function subsetLabel(test: string, subset: readonly string[]): string {
  return `${test}, ${subsetCondition(subset)}`;
}

/** Returns the proper subsets of a fold's modalities. */
export function properSubsets({ dataset }: Fold): readonly (readonly string[])[] {
  return modalitySubsets(dataset.modalities.map(({ name }) => name)).slice(0, -1);
}

/**
 * Returns the jobs of a row on one fold, one per seed. Each job measures its model on the clean test split
 * and on the damaged copies. Jobs of the reference row also measure each subset of the modalities.
 */
export function damageJobs(
  fold: Fold,
  row: RowModel,
  { seeds, recipe, labels, arithmetic }: DamageTraining,
): Job[] {
  const subsets = row.role === "euar" ? properSubsets(fold) : [];
  const conditions = [
    { label: CLEAN_TEST, uncertainties: true },
    { label: DAMAGED_TEST, source: fold.damagedSource, uncertainties: true },
    ...subsets.flatMap((available) => [
      { label: subsetLabel(CLEAN_TEST, available), available },
      { label: subsetLabel(DAMAGED_TEST, available), source: fold.damagedSource, available },
    ]),
  ];
  const modalities = fold.dataset.modalities.map(({ name }) => name);
  return seeds.map((seed) =>
    jobSchema.parse({
      data: { source: fold.source, modalities, ...(labels && { labels }) },
      ...trainingOf(row, recipe),
      seed,
      ...(arithmetic && { arithmetic }),
      conditions,
    }),
  );
}
