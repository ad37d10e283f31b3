import { fixed } from "../numbers.js";
import type { DemoResults, DemoUncertainty, DoubtedClip } from "./demo-results.js";
import { damageInWords, mostNoise } from "./demo-tables.js";
import { statisticInWords } from "./statistic-words.js";

/** Correlations below this are described as "hardly". */
const WEAK = 0.3;

/** Describes the results in sentences, good or bad. */
export function demoRemarks(results: DemoResults): string[] {
  return [
    followRemark(results),
    ...results.uncertainty.map(doubtedRemark),
    noiseRemark(results),
    accuracyRemark(results),
    ...results.uncertainty.flatMap(selectiveRemark),
    AIDS,
    LIMITS,
  ];
}

/** Selects the remarks for the page. Its figures and facts show the other numbers. */
export function pageRemarks(results: DemoResults): string[] {
  return [AIDS, accuracyRemark(results), ...results.uncertainty.flatMap(selectiveRemark), LIMITS];
}

const AIDS =
  "“Same aids” is the linear model with two parts of the preset aware: corrupted copies for " +
  "training, and statistics of each input. Its uncertainty is the largest statistic, without " +
  "training. The difference between the two models is the effect of experts, routing and learned " +
  "variances.";

const LIMITS =
  "One run of each model on generated data: a demonstration, not a result. The kinds of corruption " +
  "were known when the statistics of the preset aware were designed. On real posts and speech it was " +
  "not better than a linear model; docs/findings.md has five seeds, real data and the limits.";

/** Describes how well uncertainties follow the corruption. */
function followRemark({ uncertainty }: DemoResults): string {
  const correlations = uncertainty.map(({ model, follows }) =>
    follows === null
      ? `that of ${model} has no defined correlation`
      : `that of ${model} ${follows < WEAK ? "hardly follows it" : "follows it"} (${fixed(follows, 2)})`,
  );
  const ceiling = uncertainty[0]?.ceiling;
  return (
    `Does predicted uncertainty follow the corruption? On this data ${correlations.join("; ")}. The ` +
    `numbers are rank correlations: 0 is chance, ${fixed(ceiling, 2)} is the maximum here.`
  );
}

function doubtedRemark({ model, mostDoubted: { inputs, damaged }, damagedShare }: DemoUncertainty): string {
  return (
    `Of the ${inputs} inputs about which ${model} is most uncertain, ${damaged} were corrupted; of ` +
    `${inputs} random inputs, about ${fixed(inputs * damagedShare, 0)} are.`
  );
}

function noiseRemark({ noise, models }: DemoResults): string {
  const curve = noise.at(-1);
  const [none, most] = [curve?.levels[0], curve && mostNoise(curve)];
  if (!curve || !none || !most) return "There are no noise levels.";
  const changes = models.map(({ label }) => {
    const [before, after] = [none.results[label]?.Non0_acc_2, most.results[label]?.Non0_acc_2];
    return `${label} from ${fixed(before)} to ${fixed(after)}`;
  });
  return (
    `Under noise of ${most.deviation} standard deviations on ${curve.where}, accuracy changes: ` +
    `${changes.join(", ")}.`
  );
}

function accuracyRemark({ models }: DemoResults): string {
  const [aware, , linear] = models;
  if (!aware || !linear) return "There is nothing to compare.";
  const [own, other] = [aware.whole ?? aware.test, linear.whole ?? linear.test];
  const where = aware.whole ? "On clean clips" : "On the test split";
  const [a, b] = [own.MAE, other.MAE].map((value) =>
    typeof value === "number" ? Number(fixed(value)) : null,
  );
  if (typeof a !== "number" || typeof b !== "number")
    return `${where} the errors cannot be compared: one is undefined.`;
  const numbers = (first: typeof own, second: typeof own) =>
    `MAE ${fixed(first.MAE)} against ${fixed(second.MAE)}, ` +
    `accuracy ${fixed(first.Non0_acc_2)} against ${fixed(second.Non0_acc_2)}`;
  if (a === b)
    return `${where} ${aware.label} and ${linear.label} are equally accurate: ${numbers(own, other)}.`;
  return a < b
    ? `${where} ${aware.label} has a smaller error than ${linear.label}: ${numbers(own, other)}.`
    : `${where} ${linear.label} has a smaller error than ${aware.label}: ${numbers(other, own)}. ` +
        "The data are nearly linear, and detecting corruption has a cost.";
}

function selectiveRemark({ model, selective }: DemoUncertainty): string[] {
  if (!selective) return [];
  const { all, certainHalf } = selective;
  const verdict =
    certainHalf < all
      ? "lower, as expected"
      : "not lower, so its uncertainty does not select the better predictions";
  return [
    `The half of the predictions with the lower uncertainty of ${model} has a mean error of ` +
      `${fixed(certainHalf)}, ${verdict}; all predictions have ${fixed(all)}.`,
  ];
}

/** Describes the clip with a model's most uncertain input, and the reasons. */
export function doubtRemarks(clip: DoubtedClip): string[] {
  const { model, modality, id, inputs, verdict, statistics } = clip;
  const input = inputs.find((one) => one.modality === modality);
  const damaged = input !== undefined && input.kind !== "clean";
  const truth = damaged
    ? `This is correct: the ${modality} was corrupted (${damageInWords(input.kind, input.severity)}).`
    : `This is wrong: that ${modality} was not corrupted.`;
  return [
    `${model} is most uncertain about the ${modality} of ${id}. ${truth}`,
    `Its verdict: “${verdict}”`,
    reasonRemark(modality, statistics),
  ];
}

function reasonRemark(modality: string, statistics: DoubtedClip["statistics"]): string {
  const [first, second] = statistics;
  if (!first)
    return (
      "Reason: not available. The uncertainty is the exponential of a linear map of the features, " +
      "without a comparison with the training data."
    );
  const clauses = [first, ...(second ? [second] : [])].map(
    (one) =>
      `${statisticInWords(one)} (${fixed(Math.abs(one.deviations), 0)} robust deviations from the median)`,
  );
  return `Reason: compared with the ${modality} of the training data, ${clauses.join(", and ")}.`;
}
