import { type CurvePoint, trainingCurves, colours } from "../charts.js";
import {
  card,
  details,
  type Fact,
  facts,
  figure,
  heading,
  type Html,
  lede,
  list,
  notes,
  page,
  panels,
  paragraph,
  subheading,
  table,
} from "../html.js";
import { fixed } from "../numbers.js";
import { standaloneSvg } from "../standalone.js";
import { clipSection } from "./clip-section.js";
import { featuresSvg, followSvg, modelLegend, noisePictureSvg, noiseSvg } from "./demo-charts.js";
import { doubtRemarks, pageRemarks } from "./demo-remarks.js";
import type { DemoModel, DemoResults, DemoUncertainty, DoubtedClip } from "./demo-results.js";
import { damageInWords, demoTables, doubtTable, mostNoise } from "./demo-tables.js";

/**
 * Renders the demo's page: a summary, accuracy at rising noise levels, uncertainty against the true
 * corruption, and the most uncertain input of each model.
 */
export function demoReport(results: DemoResults): string {
  const tables = demoTables(results);
  const { version, seed, seconds } = results;
  return page(
    "Which input is bad, and does the model notice?",
    [
      heading("In short"),
      facts(demoFacts(results)),
      list(pageRemarks(results)),
      details("The models in numbers", [table(tables.summary)]),
      ...noiseSection(results),
      details("Numbers of this figure", [table(tables.noise)]),
      ...followSection(results),
      details("Numbers of this figure", [table(tables.follow)]),
      ...doubtSection(results),
      ...clipSection(results.clip),
      ...trainingSection(results),
      table(tables.training),
      ...(results.warnings.length > 0 ? [notes(results.warnings)] : []),
    ],
    `Made by euar ${version} in ${Math.round(seconds)} seconds, seed ${seed}. The same seed gives the ` +
      "same numbers on every machine. All numbers are in results.json; the run folders in the same " +
      "folder as this page contain configurations, histories, predictions and weights.",
    [lede(introduction(results))],
  );
}

function introduction({ dataset }: DemoResults): string {
  const { train = 0, valid = 0, test = 0 } = dataset.sizes;
  const names = dataset.modalities.map(({ name }) => name);
  return (
    `Every clip has ${names.length} inputs: ` +
    `${names.slice(0, -1).join(", ")}${names.length > 1 ? " and " : ""}${names.at(-1) ?? ""}. In ` +
    `this generated data set (${dataset.name}; ${train} clips for training, ${valid} for validation, ` +
    `${test} for testing) nearly half of the inputs are corrupted: noise, lost features, clipping, ` +
    "or another clip's features mixed in. The true corruption is known, but no model sees it. Four " +
    "models learn to predict sentiment: EUAR with the preset aware, EUAR with the paper's settings, " +
    "a linear model, and the linear model with the corrupted copies and input statistics of aware."
  );
}

/** Returns the three main numbers of each model. */
function demoFacts(results: DemoResults): Fact[] {
  const { models, uncertainty, noise } = results;
  const [first] = uncertainty;
  const curve = noise.at(-1);
  const most = curve && mostNoise(curve);
  const ofDoubting = (value: (entry: DemoUncertainty) => string): Fact["values"] =>
    uncertainty.map((entry) => ({
      label: entry.model,
      value: value(entry),
      colour: strokeOf(results, entry.model),
    }));
  return [
    {
      title: "Does its uncertainty follow the corruption?",
      values: ofDoubting(({ follows }) => fixed(follows, 2)),
      note:
        `Rank correlation with the true severity: 0 is chance, ${fixed(first?.ceiling, 2)} is the ` +
        "maximum here.",
    },
    {
      title: `Of its ${first?.mostDoubted.inputs ?? 0} most uncertain inputs, how many are corrupted?`,
      values: ofDoubting(({ mostDoubted }) => String(mostDoubted.damaged)),
      note:
        `Of ${first?.mostDoubted.inputs ?? 0} random inputs, about ` +
        `${fixed((first?.mostDoubted.inputs ?? 0) * (first?.damagedShare ?? NaN), 0)} are.`,
    },
    {
      title: `Accuracy with strong noise on ${curve?.where ?? "no input"}`,
      values: models.map(({ label }) => ({
        label,
        value: fixed(most?.results[label]?.Non0_acc_2, 2),
        colour: strokeOf(results, label),
      })),
      note:
        `Noise of ${most?.deviation ?? 0} standard deviations. Without noise: ` +
        `${models.map(({ label }) => fixed(curve?.levels[0]?.results[label]?.Non0_acc_2, 2)).join(", ")}.`,
    },
  ];
}

function noiseSection(results: DemoResults): Html[] {
  const { noise, models, noiseOnWhole } = results;
  return [
    heading("Accuracy as noise rises"),
    paragraph(
      `The same test clips${noiseOnWhole ? ", without other corruption," : ""} with rising noise on ` +
        "their features. On the left, all inputs get the same noise. On the right, only one does, and " +
        "a model that detects it can rely on the others.",
    ),
    panels(
      noise.map((curve) => ({
        title: `Noise on ${curve.where}`,
        svg: noiseSvg(curve, noise, models),
        alt: `Line chart of accuracy over noise on ${curve.where}. ${curve.levels
          .map(
            ({ deviation, results: at }) =>
              `At ${deviation}: ` +
              `${models.map(({ label }) => `${label} ${fixed(at[label]?.Non0_acc_2)}`).join(", ")}.`,
          )
          .join(" ")}`,
      })),
      {
        caption:
          "Fraction of clips with the correct sign, without neutral clips (Non0_acc_2). The axis " +
          "does not start at 0.",
        legend: modelLegend(models),
        least: "22rem",
      },
    ),
  ];
}

function strokeOf(results: DemoResults, model: string): string {
  return modelLegend(results.models).find(({ label }) => label === model)?.colour ?? colours.purple;
}

function followSection(results: DemoResults): Html[] {
  return [
    heading("Does the uncertainty follow the corruption?"),
    paragraph(
      "Each dot is a corrupted input of the test split. Further right, the corruption is more " +
        "severe. Higher up, the model is less certain about this input than about others of its " +
        "modality. If a model detects corruption, its lines rise from the green level of the clean " +
        "inputs. Swap mixes in another clip's features. Such an input looks normal by itself, and " +
        "neither preset can detect it.",
    ),
    ...presetsOf(results).flatMap((entry) => [
      subheading(`${entry.model}: ${fixed(entry.follows, 2)} of at most ${fixed(entry.ceiling, 2)}`),
      followPanels(entry, strokeOf(results, entry.model)),
    ]),
  ];
}

/** Returns the uncertainties of the two presets. The table has the others. */
function presetsOf({ uncertainty, doubted }: DemoResults): DemoUncertainty[] {
  return uncertainty.filter(({ model }) => doubted.some((clip) => clip.model === model));
}

function followPanels(entry: DemoUncertainty, stroke: string): Html {
  const kinds = [...new Set(entry.points.map(({ kind }) => kind))].sort();
  return panels(
    kinds.map((kind) => ({
      title: `${kind}: ${fixed(entry.byKind[kind], 2)}`,
      svg: followSvg(
        entry.points.filter((point) => point.kind === kind),
        entry,
        stroke,
      ),
      alt:
        `${entry.model}, ${kind}: percentile of the predicted uncertainty over the true severity. ` +
        `Spearman correlation together with clean samples: ${fixed(entry.byKind[kind], 2)}.`,
    })),
    {
      caption:
        `${entry.model}: percentile of the uncertainty over the severity. Lines are means of groups of ` +
        "equal size, with their middle half. Numbers are Spearman correlations.",
      legend: [],
      least: "9.5rem",
    },
  );
}

function doubtSection(results: DemoResults): Html[] {
  if (results.doubted.length === 0) return [];
  return [
    heading("The most uncertain input of each preset"),
    paragraph(
      "For each preset: the input of the test split with the largest uncertainty relative to its " +
        "modality's median, the verdict on the clip, and the true corruption.",
    ),
    ...results.doubted.map((clip) => doubtCard(clip, strokeOf(results, clip.model))),
  ];
}

function doubtCard(clip: DoubtedClip, stroke: string): Html {
  const { model, id, modality, label, inputs, features, usual } = clip;
  const input = inputs.find((one) => one.modality === modality);
  const largest = Math.max(1, ...[...features, ...usual].map(Math.abs));
  const shown = [
    {
      title: `The ${modality} of ${id}: ${damageInWords(input?.kind ?? "clean", input?.severity ?? 0)}`,
      svg: featuresSvg(features, largest, stroke),
      alt:
        `Bar chart of the ${features.length} features of the most uncertain ${modality}; the largest ` +
        `is ${fixed(Math.max(0, ...features.map(Math.abs)), 1)} times the usual size.`,
    },
    {
      title: `A clean ${modality}, for comparison`,
      svg: featuresSvg(usual, largest, "currentColor"),
      alt:
        `Bar chart of the features of a clean ${modality}; the largest is ` +
        `${fixed(Math.max(0, ...usual.map(Math.abs)), 1)} times the usual size.`,
    },
  ];
  return card([
    subheading(`${model}: the ${modality} of ${id}`),
    ...doubtRemarks(clip).map(paragraph),
    paragraph(`The label of this clip is ${fixed(label, 2)}.`),
    panels(shown, {
      caption: "Standardised features, both on the same scale.",
      legend: [],
      least: "18rem",
    }),
    table(doubtTable(clip)),
  ]);
}

function curvePoints({ label, history }: DemoModel): CurvePoint[] {
  return history.flatMap(({ epoch, train, valid }) =>
    [
      { split: "training" as const, loss: train["task"] ?? train["loss"] ?? null },
      { split: "validation" as const, loss: valid["loss"] ?? null },
    ].flatMap(({ split, loss }) => (loss === null ? [] : [{ model: label, epoch, split, loss }])),
  );
}

function trainingSection({ models }: DemoResults): Html[] {
  const svg = trainingCurves(
    models.flatMap(curvePoints),
    new Map(models.map((model) => [model.label, model.bestEpoch])),
  );
  const ends = models
    .map(({ label, bestEpoch, history }) => `${label}: epoch ${bestEpoch} of ${history.length}`)
    .join("; ");
  return [
    heading("How the models were trained"),
    paragraph(
      "Each preset has its own settings, with fewer epochs. The preset aware also trains on a " +
        "corrupted copy of each clip: noise, dropout, block and saturation, never swap.",
    ),
    figure(svg, {
      caption:
        "Task loss over the epochs. The dotted line is the epoch selected on validation. Training " +
        "losses can be higher than validation losses: they are measured with dropout, and for the " +
        "preset aware also on corrupted copies.",
      alt: `Line charts of training and validation loss per epoch. Chosen: ${ends}.`,
      legend: [
        { label: "training", colour: colours.blue },
        { label: "validation", colour: colours.orange, dashes: "5,3" },
      ],
    }),
  ];
}

/** Draws accuracy at rising noise levels as a separate SVG file. */
export function noisePicture({ noise, models }: DemoResults): string {
  const titled = noise.map((curve) => ({ ...curve, where: `noise on ${curve.where}` }));
  return standaloneSvg(noisePictureSvg(titled, models), modelLegend(models));
}
