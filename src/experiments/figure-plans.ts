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

/** Plans figure 5: training curves. */
export function curvesPlan(context: ExperimentContext): FigurePlan {
  const models = [euarRow, ablations.withoutU, mlpRow, awareRow, linearRow];
  return {
    kind: "curves",
    name: "figure5",
    title: "Figure 5: training curves",
    caption:
      "The models of tables 1 and 4. A run stops when its validation loss has not improved for as many " +
      `epochs as its patience. Later epochs therefore have fewer runs.${leftOutText(models, context)}`,
    rows: rowsOf(context, models),
    conditions: [],
  };
}

/** Plans figure 6: joint features in two dimensions. */
export function embeddingPlan(context: ExperimentContext): FigurePlan {
  return {
    kind: "embedding",
    name: "figure6",
    title: "Figure 6: joint features",
    caption:
      "t-SNE of each model's joint features (for the linear model: its concatenated inputs). First " +
      `seed, trained with modality dropout ${forSubsets.modalityDropout}. Up to 200 test samples, with ` +
      `all modalities and with each one missing.${leftOutText(embeddedModels(context), context)}`,
    rows: rowsOf(context, embeddedModels(context), { train: forSubsets }),
    conditions: withoutAny(context),
  };
}

/**
 * Plans figure 7: the cases where EUAR and another model disagree most. The first row is EUAR, the second the
 * other model.
 */
export function casesPlan(context: ExperimentContext): FigurePlan {
  return {
    kind: "cases",
    name: "figure7",
    title: "Figure 7: cases where models disagree",
    caption:
      `EUAR and DiCMoR, each trained with modality dropout ${forSubsets.modalityDropout}. The cases ` +
      "are selected by a fixed rule: the test samples with the largest difference between the two " +
      "models' errors (absolute errors or wrong classes, averaged over the seeds; the first of equal " +
      "ones). As many cases favour EUAR as DiCMoR: three of each with all modalities, one of each " +
      "with each modality missing. Predictions are means over the seeds (for classes: the most " +
      "frequent). Experts, gates and sigma^2 are those of the first seed.",
    rows: rowsOf(context, [euarRow, ...baselineRows(["dicmor"], context), linearRow], { train: forSubsets }),
    conditions: withoutAny(context),
  };
}

/** Plans the figure on the quality of uncertainties and on routing, which the paper does not have. */
export function uncertaintyPlan(context: ExperimentContext): FigurePlan {
  return {
    kind: "uncertainty",
    name: "uncertainty",
    title: "Uncertainty: does it follow the errors and the corruption?",
    caption:
      "The models of table 1 that state an uncertainty or a " +
      `confidence.${leftOutText(tableOneModels(context), context)}`,
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

/** Returns the conditions with all modalities, and with each one missing. */
function withoutAny(context: ExperimentContext): ShownCondition[] {
  const { modalities } = context.data;
  const fewer = modalities.toReversed().map((gone): ShownCondition => ({
    label: `without ${gone}`,
    condition: subsetCondition(modalities.filter((name) => name !== gone)),
  }));
  return [{ label: "all modalities", condition: cleanCondition(context) }, ...fewer];
}
