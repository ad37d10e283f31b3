import type { Column, Table } from "../html.js";
import { fixed } from "../numbers.js";
import type { DemoModel, DemoResults, DoubtedClip, NoiseCurve } from "./demo-results.js";

/** Builds the demo's tables, for the terminal and the page. */
export function demoTables(results: DemoResults): {
  readonly summary: Table;
  readonly noise: Table;
  readonly follow: Table;
  readonly training: Table;
} {
  return {
    summary: summaryTable(results),
    noise: noiseTable(results),
    follow: followTable(results),
    training: trainingTable(results),
  };
}

function numeric(heading: string): Column {
  return { heading, numeric: true };
}

/** Returns the last level of a curve, which has the most noise. */
export function mostNoise({ levels }: NoiseCurve): NoiseCurve["levels"][number] | undefined {
  return levels.at(-1);
}

function summaryTable(results: DemoResults): Table {
  const { models, noise, uncertainty } = results;
  const alone = noise.at(-1);
  const strongest = alone && mostNoise(alone);
  const inputs = uncertainty[0]?.mostDoubted.inputs ?? 0;
  const measures: readonly {
    readonly heading: string;
    readonly of: (model: DemoModel) => number | null | undefined;
    readonly sign?: -1;
    readonly decimals?: number;
  }[] = [
    { heading: "accuracy, clean clips", of: ({ whole }) => whole?.Non0_acc_2 },
    { heading: "accuracy, test split", of: ({ test }) => test.Non0_acc_2 },
    { heading: "error (MAE), test split", of: ({ test }) => test.MAE, sign: -1 },
    {
      heading: `accuracy, noise ${strongest?.deviation ?? 0} on ${alone?.where ?? "no input"}`,
      of: ({ label }) => strongest?.results[label]?.Non0_acc_2,
    },
    {
      heading: "uncertainty follows corruption",
      of: ({ label }) => uncertainty.find(({ model }) => model === label)?.follows,
      decimals: 2,
    },
    {
      heading: `corrupted among the ${inputs} most uncertain inputs`,
      of: ({ label }) => uncertainty.find(({ model }) => model === label)?.mostDoubted.damaged,
      decimals: 0,
    },
  ];
  const best = new Set<string>();
  measures.forEach(({ of, sign = 1, decimals = 3 }, m) => {
    for (const r of winnersOf(models.map(of), sign, decimals)) best.add(`${r},${m + 1}`);
  });
  return {
    caption:
      "The models on the test split. Bold is the best in its column. Each model was run once, so " +
      "small differences are not meaningful. The plain linear model has no uncertainties.",
    columns: [{ heading: "model" }, ...measures.map(({ heading }) => numeric(heading))],
    rows: models.map((model) => [
      model.label,
      ...measures.map(({ of, decimals = 3 }) => fixed(of(model), decimals)),
    ]),
    best,
  };
}

/**
 * Returns the rows with the best values as printed. Values that print the same are equally best. Empty if
 * only one value is known.
 */
function winnersOf(values: readonly (number | null | undefined)[], sign: number, decimals: number): number[] {
  const printed = values.map((value) =>
    typeof value === "number" ? sign * Number(fixed(value, decimals)) : null,
  );
  const known = printed.filter((value) => value !== null);
  if (known.length < 2) return [];
  const top = Math.max(...known);
  return printed.flatMap((value, i) => (value === top ? [i] : []));
}

function noiseTable({ models, noise, noiseOnWhole }: DemoResults): Table {
  const levels = noise[0]?.levels ?? [];
  return {
    caption:
      "Accuracy (Non0_acc_2) at rising noise levels on " +
      `${noiseOnWhole ? "the test clips without other corruption" : "the original test split"}. Noise ` +
      "is Gaussian, in standard deviations of the training features.",
    columns: [
      { heading: "noise" },
      ...noise.flatMap(({ where }) => models.map(({ label }) => numeric(`${where}: ${label}`))),
    ],
    rows: levels.map(({ deviation }, i) => [
      String(deviation),
      ...noise.flatMap((curve) =>
        models.map(({ label }) => fixed(curve.levels[i]?.results[label]?.Non0_acc_2)),
      ),
    ]),
  };
}

function followTable({ uncertainty }: DemoResults): Table {
  const kinds = [...new Set(uncertainty.flatMap(({ byKind }) => Object.keys(byKind)))].sort();
  return {
    caption:
      "Spearman correlation of the predicted uncertainty with the true severity, mean over the " +
      "modalities: over all samples, the largest value possible there, and per kind of corruption " +
      "together with clean samples.",
    columns: [
      { heading: "model" },
      numeric("all"),
      numeric("possible"),
      ...kinds.map((kind) => numeric(kind)),
    ],
    rows: uncertainty.map(({ model, follows, ceiling, byKind }) => [
      model,
      fixed(follows, 2),
      fixed(ceiling, 2),
      ...kinds.map((kind) => fixed(byKind[kind], 2)),
    ]),
  };
}

function trainingTable({ models }: DemoResults): Table {
  return {
    caption: "Epochs were chosen on the validation split; the test split was evaluated once, after training.",
    columns: [
      { heading: "model" },
      numeric("parameters"),
      numeric("epochs"),
      numeric("chosen"),
      numeric("seconds"),
      { heading: "configuration" },
    ],
    rows: models.map(({ label, parameters, history, bestEpoch, seconds, hash }) => [
      label,
      String(parameters),
      String(history.length),
      String(bestEpoch),
      fixed(seconds, 0),
      hash.slice(0, 12),
    ]),
  };
}

/** Tabulates what is known about each input of the clip about which a model is most uncertain. */
export function doubtTable({ model, id, inputs }: DoubtedClip): Table {
  return {
    caption: `The inputs of ${id} as seen by ${model}, and their true corruption.`,
    columns: [
      { heading: "input" },
      { heading: "true corruption" },
      numeric("uncertainty / usual"),
      numeric("percentile"),
      numeric("share of the prediction"),
    ],
    rows: inputs.map(({ modality, kind, severity, ratio, percentile, contribution }) => [
      modality,
      damageInWords(kind, severity),
      fixed(ratio, ratio < 10 ? 2 : 0),
      percentile === null ? "n/a" : fixed(Math.floor(100 * percentile), 0),
      contribution === null ? "n/a" : `${fixed(100 * contribution, 0)}%`,
    ]),
  };
}

/** Returns "nothing", or the kind with its severity. */
export function damageInWords(kind: string, severity: number): string {
  return kind === "clean" ? "nothing" : `${kind}, severity ${fixed(severity, 2)}`;
}
