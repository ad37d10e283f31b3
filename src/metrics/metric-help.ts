const WEIGHTED = "weighted by the frequency of the classes";
const SIGN = "Fraction of samples with the correct sign";

/** Explanations by the base name of a metric. */
const HELP: Readonly<Record<string, string>> = {
  MAE: "Mean absolute difference of prediction and label, in the unit of the labels.",
  Corr: "Pearson correlation of predictions and labels, in [-1, 1].",
  Has0_acc_2: `${SIGN}. 0 counts as positive.`,
  Has0_F1_score: `F1 of the sign, ${WEIGHTED}. 0 counts as positive.`,
  Non0_acc_2: `${SIGN}, without samples with the label 0.`,
  Non0_F1_score: `F1 of the sign, ${WEIGHTED}, without samples with the label 0.`,
  Mult_acc_7: rounded("seven whole numbers -3 to 3"),
  Mult_acc_5: rounded("five whole numbers -2 to 2"),
  Authors_acc_7: "Mult_acc_7, as the published EUAR code computes it.",
  Authors_acc_2: `${SIGN}, as the published EUAR code computes it: without samples with the label 0.`,
  Authors_F1_score:
    "F1 of the sign, as the published EUAR code computes it: without samples with the label 0.",
  Authors_MAE: "MAE, as the published EUAR code computes it: without samples with the label 0.",
  Authors_Corr: "Corr, as the published EUAR code computes it: without samples with the label 0.",
  SIMS_acc_2: "Fraction of samples in the correct one of the two bins of CH-SIMS, which meet at 0.",
  SIMS_acc_3:
    "Fraction of samples in the correct one of the three bins of CH-SIMS, with edges at -0.1 and 0.1.",
  SIMS_acc_5:
    "Fraction of samples in the correct one of the five bins of CH-SIMS, with edges at -0.7, -0.1, 0.1 and " +
    "0.7.",
  SIMS_F1_score: `F1 of the two bins of CH-SIMS, ${WEIGHTED}.`,
  SIMS_MAE: "MAE, with predictions and labels clipped to [-1, 1].",
  SIMS_Corr: "Corr, with predictions and labels clipped to [-1, 1].",
  Threshold_acc_2: "Fraction of samples on the correct side of the threshold of the data set.",
  Threshold_F1_score: `F1 of the side of the threshold of the data set, ${WEIGHTED}.`,
  Accuracy: "Fraction of correct classes. If several labels occur together: the mean over the labels.",
  Weighted_F1:
    `F1 of the classes, ${WEIGHTED}. If several labels occur together: of presence and absence, as the ` +
    "mean over the labels.",
  Macro_F1: "F1 of the classes, each with the same weight.",
  F1: "F1 of the presence of a label. Without the name of a label: the mean over the labels.",
  Weighted_acc:
    "Mean of the fraction of correct samples with the label and of those without it. Without the name of a " +
    "label: the mean over the labels.",
  Exact_match: "Fraction of samples with all labels correct.",
};

function rounded(numbers: string): string {
  return (
    `Fraction of samples whose prediction and label round to the same of the ${numbers}. Values beyond ` +
    "them are clipped."
  );
}

/**
 * Explains a metric in one or two sentences. Undefined for an unknown metric. Names may include a target,
 * e.g. "MAE/persuasion".
 */
export function metricHelp(name: string): string | undefined {
  const base = name.split("/")[0] ?? name;
  const bins = /^Bins_acc_(\d+)$/.exec(base)?.[1];
  if (bins !== undefined)
    return `Fraction of samples with prediction and label in the same of the ${bins} bins of the data set.`;
  return Object.hasOwn(HELP, base) ? HELP[base] : undefined;
}
