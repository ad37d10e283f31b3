import { fixed } from "../numbers.js";
import type { ClipModel, ClipResults, ClipSeries, UnreadInput } from "./clip-results.js";

/** Describes the clip, and the inputs that could not be read. */
export function clipRemarks({ words, seconds, inputs, unread }: ClipResults): string[] {
  const read = inputs.map(({ modality, adapter }) => `${modality} by ${adapter}`).join(", ");
  return [
    `The real clip: “${words}”, ${fixed(seconds, 1)} seconds of a LibriVox reader, with a photograph of ` +
      "another person (NASA). Both are in the public domain.",
    ...(inputs.length === 0 ? [] : [`Its features and quality: ${read}.`]),
    ...unread.map(unreadRemark),
  ];
}

/** Describes the model that scores the clip, what it cannot say, and which inputs it doubts. */
export function clipModelRemarks({ model, series }: ClipResults): string[] {
  if ("reason" in model)
    return [`No model scores the clip: ${model.reason}.${model.hint === null ? "" : ` ${model.hint}`}`];
  const clean = series[0]?.points[0]?.view ?? null;
  return [
    trainingRemark(model),
    limitsRemark(model),
    ...model.warnings.map((warning) => `${sentenceOf(warning)}.`),
    ...(clean === null
      ? []
      : [
          `The clean clip has the prediction ${fixed(clean.prediction, 2)}` +
            (clean.interval === null
              ? ". "
              : ` [${fixed(clean.interval.low, 2)}, ${fixed(clean.interval.high, 2)}]. `) +
            (clean.doubted.length === 0
              ? "None of its inputs is doubted."
              : `Doubted although it is clean: ${clean.doubted.map(({ modality }) => modality).join(", ")}.`),
        ]),
    doubtedRemark(series),
  ];
}

function trainingRemark({ preset, sizes, withSound, copies, trainedKinds }: ClipModel): string {
  const [train, media] = [sizes["train"] ?? 0, withSound["train"] ?? 0];
  const kinds = Object.entries(trainedKinds).map(([modality, names]) => `${modality} ${names.join(", ")}`);
  return (
    `The model is EUAR with the preset ${preset}, trained just now on ${train} samples: ` +
    `${train - media} short sentences with labels given by hand, and ${media} clips with parts of four ` +
    `other sentences of the same reader and faces of other people. ${copies} corrupted copies teach it ` +
    `uncertainty (${kinds.join("; ")}).`
  );
}

function limitsRemark({ testError, sizes }: ClipModel): string {
  return (
    "What it cannot say: how the reader felt. Labels of clips are sums of word scores, and smiling faces " +
    "were paired with positive words. It has seen too few words to know what a negation does. " +
    `On ${sizes["test"] ?? 0} other sentences its mean error is ${fixed(testError, 2)}, ` +
    "on a scale from -3 to 3."
  );
}

function doubtedRemark(series: readonly ClipSeries[]): string {
  const corrupted = series.flatMap(({ modality, points }) =>
    points.flatMap(({ severity, view }) => (severity > 0 && view ? [{ modality, severity, view }] : [])),
  );
  const countFrom = (least: number): string => {
    const some = corrupted.filter(({ severity }) => severity >= least);
    const first = some.filter(({ modality, view }) => view.doubted[0]?.modality === modality);
    return `${first.length} of ${some.length}`;
  };
  return (
    `The corrupted input is doubted first in ${countFrom(0)} cases, and in ${countFrom(HALF)} with a ` +
    `severity of ${HALF} or more.`
  );
}

/** Severity from which a corruption is plain to a person. */
const HALF = 0.5;

function sentenceOf(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function unreadRemark({ modality, reason, hint }: UnreadInput): string {
  return `The ${modality} of the clip was not read: ${reason}.${hint === null ? "" : ` To read it: ${hint}`}`;
}
