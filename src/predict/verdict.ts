import { spokenName } from "../data/modality-families.js";
import type { Doubt, InputState } from "./doubts.js";
import type { Interval } from "./intervals.js";
import { isLabelList, type Prediction } from "./prediction.js";

/**
 * Describes a prediction in plain sentences: its value, the doubted inputs with reasons, the missing inputs,
 * and the modality that contributes most.
 * @param inputs inputs of raw media by modality
 * @example
 * "The score is 1.20 (90% interval 0.31 to 2.09). The audio was doubted because it is silent in 64% of its
 * frames. Text carries 81% of the prediction."
 */
export function verdictOf(
  prediction: Prediction,
  doubts: readonly Doubt[],
  inputs?: Readonly<Record<string, InputState>>,
): string {
  const missing = Object.entries(prediction.modalities).filter(
    ([name, { present }]) => !present && !(inputs?.[name]?.given ?? false),
  );
  const sentences = [
    resultSentence(prediction),
    ...doubts.map(doubtSentence),
    ...(missing.length === 0
      ? []
      : [
          `There was no ${listed(
            missing.map(([name]) => spokenName(name)),
            "or",
          )}.`,
        ]),
    ...(doubts.length === 0 ? ["No input was doubted."] : []),
    ...carrierSentence(prediction),
  ];
  return sentences.join(" ");
}

function resultSentence({ prediction, classes, classSet, interval, level, labels = {} }: Prediction): string {
  if (isLabelList(prediction)) {
    const named = prediction.map((name) => `${name} (${percent(labels[name]?.probability ?? NaN)})`);
    return named.length === 0 ? "No label is present." : `Present: ${listed(named, "and")}.`;
  }
  if (typeof prediction === "string") {
    const others = classSet?.filter((name) => name !== prediction) ?? [];
    const within =
      level === null || others.length === 0
        ? ""
        : `; with ${listed(others, "or")}, ${percent(level)} of such answers are right`;
    return `The class is ${prediction} (probability ${percent(classes?.[prediction] ?? NaN)}${within}).`;
  }
  if (typeof prediction === "number")
    return `The score is ${withInterval(prediction, isInterval(interval) ? interval : null, level)}.`;
  const bounds = isInterval(interval) ? undefined : interval;
  return `The scores are ${listed(
    Object.entries(prediction).map(
      ([name, value]) => `${name} ${withInterval(value, bounds?.[name] ?? null, level)}`,
    ),
    "and",
  )}.`;
}

function isInterval(interval: Prediction["interval"]): interval is Interval {
  return interval !== null && interval !== undefined && typeof interval["low"] === "number";
}

function withInterval(value: number, interval: Interval | null, level: number | null): string {
  const range =
    interval === null || level === null
      ? ""
      : ` (${percent(level)} interval ${interval.low.toFixed(2)} to ${interval.high.toFixed(2)})`;
  return `${value.toFixed(2)}${range}`;
}

function doubtSentence({ modality, used, reasons }: Doubt): string {
  const because = listed(
    reasons.map(({ message }) => `because ${message.replace(/\.$/, "")}`),
    "and",
  );
  return `The ${spokenName(modality)} ${used ? "was doubted" : "was doubted and left out"} ${because}.`;
}

/**
 * Names the modality with the largest contribution, or says that no input counts. Empty if only one modality
 * is present, and counts.
 */
function carrierSentence({ modalities }: Prediction): string[] {
  const shares = Object.entries(modalities).flatMap(([name, { present, contribution }]) =>
    present && contribution !== null ? [{ name, contribution }] : [],
  );
  const [first] = [...shares].sort((a, b) => b.contribution - a.contribution);
  if (first?.contribution === 0)
    return ["This is a constant, because the model trusts none of these inputs."];
  if (first === undefined || shares.length < 2) return [];
  return [`The ${spokenName(first.name)} carries ${percent(first.contribution)} of the prediction.`];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)}%`;
}

function listed(parts: readonly string[], word: string): string {
  if (parts.length < 2) return parts.join("");
  return `${parts.slice(0, -1).join(", ")} ${word} ${parts.at(-1) ?? ""}`;
}
