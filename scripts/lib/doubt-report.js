// Tables of docs/real-clips.md: which input the doubts name, and how many clean clips are doubted.
import { markdownTable } from "./result-rows.js";

const share = (list, holds) =>
  list.length === 0 ? "" : `${((100 * list.filter(holds).length) / list.length).toFixed(0)}%`;

/** Ways to predict: without and with the comparison of text and speech. */
const ways = [
  { name: "alone", label: "without comparison of text and speech" },
  { name: "checked", label: "with `--check-transcript`" },
];

const isNamedFirst = (way) => (one) => one[way][0]?.modality === one.damage.modality;

const doubtOf = (one, way, modality) => one[way].find((doubt) => doubt.modality === modality);

/** Returns the tables of all cases. */
export function reportLines(cases) {
  const clean = cases.filter(({ damage }) => damage === null);
  const damaged = cases.filter(({ damage }) => damage !== null);
  const of = (series) => damaged.filter(({ damage }) => damage.series === series);
  const first = markdownTable([
    [
      "damaged input is named first",
      "all",
      "kinds met in training",
      "new kinds",
      "clean clips that are doubted",
    ],
    ...ways.map(({ name, label }) => [
      label,
      share(damaged, isNamedFirst(name)),
      share(of("met"), isNamedFirst(name)),
      share(of("new"), isNamedFirst(name)),
      share(clean, (one) => one[name].length > 0),
    ]),
  ]);
  const modalities = [...new Set(damaged.map(({ damage }) => damage.modality))];
  const second = markdownTable([
    [
      "input",
      "damaged and doubted, kinds met",
      "new kinds",
      "named first",
      "clean and doubted",
      "for its quality",
      "for its uncertainty",
    ],
    ...modalities.map((modality) => {
      const own = damaged.filter(({ damage }) => damage.modality === modality);
      const isDoubted = (one) => doubtOf(one, "checked", modality) !== undefined;
      const states = (kind) => (one) =>
        doubtOf(one, "checked", modality)?.reasons.some((reason) => reason.kind === kind) ?? false;
      return [
        modality,
        share(
          own.filter(({ damage }) => damage.series === "met"),
          isDoubted,
        ),
        share(
          own.filter(({ damage }) => damage.series === "new"),
          isDoubted,
        ),
        share(own, isNamedFirst("checked")),
        share(clean, isDoubted),
        share(clean, states("quality")),
        share(clean, states("uncertainty")),
      ];
    }),
  ]);
  const kinds = [...new Set(damaged.map(({ damage }) => `${damage.modality} ${damage.kind}`))].sort();
  const third = markdownTable([
    ["kind", "clips", "named first without comparison", "named first"],
    ...kinds.map((kind) => {
      const own = damaged.filter(({ damage }) => `${damage.modality} ${damage.kind}` === kind);
      const shares = ways.map(({ name }) => share(own, isNamedFirst(name)));
      return [kind, String(own.length), ...shares];
    }),
  ]);
  const sentences = [...new Set(cases.map(({ id }) => id[0]))].sort();
  const fourth = markdownTable([
    ["sentence of the test clips", "named first", "clean clips that are doubted"],
    ...sentences.map((sentence) => {
      const own = (list) => list.filter(({ id }) => id[0] === sentence);
      return [
        String(Number(sentence) + 1),
        share(own(damaged), isNamedFirst("checked")),
        share(own(clean), (one) => one.checked.length > 0),
      ];
    }),
  ]);
  return [
    `${clean.length} clean clips and ${damaged.length} damaged ones:`,
    first,
    "By input, with the comparison:",
    second,
    "By fold, with the comparison:",
    fourth,
    "By kind (severity 0.5 to 1):",
    third,
  ].join("\n\n");
}
