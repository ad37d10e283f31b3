import type { FigurePlan, FigureRow, ShownCondition } from "./plan.js";
import {
  ablations,
  awareRow,
  baselineRows,
  cleanCondition,
  embeddedModels,
  euarRow,
  type ExperimentContext,
  forSubsets,
  type JobOptions,
  jobsFor,
  leftOutText,
  linearRow,
  mlpRow,
  type RowModel,
  subsetCondition,
  tableOneModels,
  trainableRows,
} from "./rows.js";

/** Figure 5: how training goes. */
export function curvesPlan(context: ExperimentContext): FigurePlan {
  const models = [euarRow, ablations.withoutU, mlpRow, awareRow, linearRow];
  return {
    kind: "curves",
    name: "figure5",
    title: "Figure 5: training curves",
    caption: `The models of tables 1 and 4. A run ends when its validation loss has not improved for as many epochs as its patience, so that the later epochs have fewer runs.${leftOutText(models, context)}`,
    rows: rowsOf(context, models),
    conditions: [],
  };
}

/** Figure 6: joint features in the plane. */
export function embeddingPlan(context: ExperimentContext): FigurePlan {
  return {
    kind: "embedding",
    name: "figure6",
    title: "Figure 6: joint features",
    caption: `t-SNE of what each model joins the modalities to (of the linear model: its inputs side by side), first seed, trained with modality dropout ${forSubsets.modalityDropout}; up to 200 samples of the test split, with all modalities and without any one of them.${leftOutText(embeddedModels(context), context)}`,
    rows: rowsOf(context, embeddedModels(context), { train: forSubsets }),
    conditions: withoutAny(context),
  };
}

/**
 * Figure 7: where EUAR and another model disagree most. The first row is EUAR, the second what it is compared
 * with.
 */
export function casesPlan(context: ExperimentContext): FigurePlan {
  return {
    kind: "cases",
    name: "figure7",
    title: "Figure 7: cases where models disagree",
    caption:
      `EUAR and DiCMoR, each trained with modality dropout ${forSubsets.modalityDropout}. Nobody chose the cases: they are the test samples with the largest difference of the two models' errors (absolute errors or wrong classes, averaged over the seeds; of equal ones the first), ` +
      "as many where EUAR is better as where it is worse: three of each with all modalities, one of each without any one of them. Predictions are means over the seeds (of classes: the most frequent); experts, gates and sigma^2 are the first seed's.",
    rows: rowsOf(context, [euarRow, ...baselineRows(["dicmor"], context), linearRow], { train: forSubsets }),
    conditions: withoutAny(context),
  };
}

/** What the paper does not show: whether uncertainties know, and where samples are sent. */
export function uncertaintyPlan(context: ExperimentContext): FigurePlan {
  return {
    kind: "uncertainty",
    name: "uncertainty",
    title: "Uncertainty: does it know?",
    caption: `The models of table 1 that say how sure they are.${leftOutText(tableOneModels(context), context)}`,
    rows: rowsOf(context, tableOneModels(context)),
    conditions: context.noise.map(({ label, condition }) => ({ label, condition: condition.label })),
  };
}

function rowsOf(
  context: ExperimentContext,
  models: readonly RowModel[],
  options: JobOptions = {},
): FigureRow[] {
  return trainableRows(models, context).map((model) => ({
    label: model.label,
    role: model.role,
    jobs: jobsFor(context, model, options),
  }));
}

/** All modalities, and all but one. */
function withoutAny(context: ExperimentContext): ShownCondition[] {
  const { modalities } = context.data;
  const fewer = modalities.toReversed().map((gone): ShownCondition => ({
    label: `without ${gone}`,
    condition: subsetCondition(modalities.filter((name) => name !== gone)),
  }));
  return [{ label: "all modalities", condition: cleanCondition(context) }, ...fewer];
}
