// Tables of docs/real-clips.md: which input the doubts name, and how many clean clips are doubted.
import { markdownTable } from "./result-rows.js";

/** Smallest severity of a measured problem that is a reason for doubt. */
const DOUBTED_SEVERITY = 0.2;

const severityOf = ({ problems }) => Math.max(0, ...problems.map(({ severity }) => severity));

/** Evidence against an input in [0, 1]: its worst reason, as a doubt states it. */
const worstReason = (input) =>
  input.present ? Math.max(severityOf(input), input.percentile ?? 0) : Number.POSITIVE_INFINITY;

/** Deviations of the uncertainty from its median on validation, in spreads. */
const deviations = (input) => (input.present ? (input.deviations ?? 0) : Number.POSITIVE_INFINITY);

/** The larger of the deviations, and ten times the severity of the worst measured problem. */
const both = (input) => Math.max(deviations(input), 10 * severityOf(input));

const isDoubtedAt = (percentile) => (input) =>
  !input.present || severityOf(input) >= DOUBTED_SEVERITY || (input.percentile ?? 0) >= percentile;

/** Rules: which inputs are doubted, and which of them is named first. */
const rules = [
  {
    label: "as it is: the doubt with the worst reason first",
    doubted: isDoubtedAt(0.95),
    evidence: worstReason,
  },
  { label: "the first doubt in the order of the modalities", doubted: isDoubtedAt(0.95) },
  {
    label: "the doubt with the largest deviation of its uncertainty first",
    doubted: isDoubtedAt(0.95),
    evidence: deviations,
  },
  {
    label: "the larger of its deviation and ten times its worst severity first",
    doubted: isDoubtedAt(0.95),
    evidence: both,
  },
  {
    label: "the same, doubted from a percentile of 0.983 (0.05 shared by three inputs)",
    doubted: isDoubtedAt(1 - 0.05 / 3),
    evidence: both,
  },
  {
    label: "the same, doubted from 3 deviations, without percentiles",
    doubted: (input) =>
      !input.present || severityOf(input) >= DOUBTED_SEVERITY || (input.deviations ?? 0) >= 3,
    evidence: both,
  },
];

/** Returns the modality that a rule names first; undefined if nothing is doubted. */
function firstNamed({ inputs }, { doubted, evidence }) {
  const named = Object.entries(inputs).filter(([, input]) => doubted(input));
  if (evidence) named.sort(([, a], [, b]) => evidence(b) - evidence(a));
  return named[0]?.[0];
}

const share = (list, holds) => `${((100 * list.filter(holds).length) / list.length).toFixed(0)}%`;

/** Returns the tables of all cases. */
export function reportLines(cases) {
  const clean = cases.filter(({ damage }) => damage === null);
  const damaged = cases.filter(({ damage }) => damage !== null);
  const of = (series) => damaged.filter(({ damage }) => damage.series === series);
  const named = (rule) => (one) => firstNamed(one, rule) === one.damage.modality;
  const first = markdownTable([
    ["which input is named first", "kinds met in training", "new kinds", "clean clips that are doubted"],
    ...rules.map((rule) => [
      rule.label,
      share(of("met"), named(rule)),
      share(of("new"), named(rule)),
      share(clean, (one) => firstNamed(one, rule) !== undefined),
    ]),
  ]);
  const [now] = rules;
  const modalities = Object.keys(clean[0].inputs);
  const second = markdownTable([
    [
      "input",
      "damaged and doubted, kinds met",
      "new kinds",
      "clean and doubted",
      "for its quality",
      "for its uncertainty",
    ],
    ...modalities.map((modality) => {
      const own = (series) => of(series).filter(({ damage }) => damage.modality === modality);
      const isDoubted = ({ inputs }) => now.doubted(inputs[modality]);
      const states =
        (kind) =>
        ({ inputs }) =>
          inputs[modality].reasons.includes(kind);
      return [
        modality,
        share(own("met"), isDoubted),
        share(own("new"), isDoubted),
        share(clean, isDoubted),
        share(clean, states("quality")),
        share(clean, states("uncertainty")),
      ];
    }),
  ]);
  const kinds = [...new Set(damaged.map(({ damage }) => `${damage.modality} ${damage.kind}`))].sort();
  const third = markdownTable([
    ["kind", "clips", "doubted", "median deviations of the uncertainty"],
    ...kinds.map((kind) => {
      const own = damaged.filter(({ damage }) => `${damage.modality} ${damage.kind}` === kind);
      const inputs = own.map(({ damage, inputs: all }) => all[damage.modality]);
      const known = inputs.flatMap(({ deviations: value }) => (value === null ? [] : [value]));
      known.sort((a, b) => a - b);
      const middle = known[Math.floor(known.length / 2)];
      return [
        kind,
        String(own.length),
        share(inputs, now.doubted),
        middle === undefined ? "not used" : middle.toFixed(1),
      ];
    }),
  ]);
  return [
    `${clean.length} clean clips and ${damaged.length} damaged ones:`,
    first,
    "By input, with the first rule:",
    second,
    "By kind (severity 0.5 to 1), with the first rule:",
    third,
  ].join("\n\n");
}
