import {
  checkArguments,
  checkedCall,
  LIST,
  must,
  NUMBER,
  objectOf,
  oneOf,
  optional,
  optionsOf,
  perhaps,
  rules,
  TEXT,
  TEXTS,
} from "../core/checked-call.js";
import type { OptionRule } from "../core/check-options.js";
import { isRecord } from "../core/is-record.js";
import * as batches from "./assemble-batch.js";
import { checkDataset } from "./check-dataset.js";
import { showCorruption as show } from "../corruption/corruption.js";
import { isKnownCorruption } from "../corruption/register-corruption.js";
import * as splits from "../corruption/corrupt-split.js";
import * as media from "../corruption/damage-medium.js";
import * as specification from "../corruption/damage-specification.js";
import * as images from "../corruption/image-noise.js";
import * as words from "../corruption/word-noise.js";
import * as tasks from "./dataset.js";
import * as samples from "./formats/dataset-from-samples.js";
import * as scaling from "./normaliser.js";
import * as selection from "./select-modalities.js";
import * as subsets from "./subsets.js";
import { syntheticKinds } from "./synthetic/corrupt-view.js";
import * as synthetic from "./synthetic/generate.js";
import { normaliser } from "./normaliser-rule.js";
import { task } from "./task-rule.js";

// The functions of `euar/data`, with their arguments checked. Functions of a single batch check only types,
// because they run often.

const KIND: OptionRule = {
  expected: "a kind of corruption",
  holds: (value) => typeof value === "string" && isKnownCorruption(value),
};
const SPLIT = must({ expected: "a split of a data set", holds: isSplit });
const CORRUPTION = objectOf("a corruption", {
  kind: KIND,
  amount: {
    expected: "a number of at least 0",
    holds: (value) => Number.isFinite(value) && Number(value) >= 0,
  },
  modality: perhaps(rules.text),
});
const ROWS = must({
  expected: "an array of whole numbers",
  holds: (value) => rules.numbers.holds(value) && Array.from(value).every(Number.isSafeInteger),
});
const DRAW = objectOf("a seed and an id", { seed: rules.whole, id: rules.text });
const IMAGE = objectOf("an image", {
  width: rules.count,
  height: rules.count,
  rgb: { expected: "a Uint8Array", holds: (value) => value instanceof Uint8Array },
});

const CONTENT = objectOf("a data set", {
  targets: perhaps(rules.texts),
  task: perhaps(oneOf(tasks.TASK_KINDS)),
  notes: perhaps(rules.texts),
});
const READING = optionsOf({
  modalities: rules.texts,
  target: rules.text,
  task: oneOf(tasks.TASK_KINDS),
  range: rules.numbers,
  threshold: rules.number,
  bins: rules.numbers,
  foldClasses: rules.flag,
  pool: oneOf(["none", "mean"]),
});

export const datasetFromSamples: typeof samples.datasetFromSamples = checkedCall(
  "datasetFromSamples",
  samples.datasetFromSamples,
  [
    (value, place) => {
      if (isRecord(value)) CONTENT(value, place); // otherwise the function itself refuses the value
    },
    optional(READING),
  ],
);
export const assembleBatch: typeof batches.assembleBatch = checkedCall(
  "assembleBatch",
  batches.assembleBatch,
  [SPLIT, ROWS, optional(optionsOf({ modalities: rules.texts, labels: rules.flag }))],
);
export const corruptSplit: typeof splits.corruptSplit = checkedCall("corruptSplit", splits.corruptSplit, [
  SPLIT,
  (value, place) => {
    LIST(value, place);
    if (Array.isArray(value)) for (const one of value) CORRUPTION(one, place);
  },
  optional(optionsOf({ seed: rules.whole, normaliser })),
]);
export const showCorruption: typeof show = checkedCall("showCorruption", show, [CORRUPTION]);
export const addImageNoise: typeof images.addImageNoise = checkedCall("addImageNoise", images.addImageNoise, [
  IMAGE,
  must(oneOf(Object.keys(images.imageNoises))),
  NUMBER,
  DRAW,
]);
export const blankWords: typeof words.blankWords = checkedCall("blankWords", words.blankWords, [
  TEXT,
  must(oneOf(Object.keys(words.wordNoises))),
  NUMBER,
  DRAW,
]);
const DAMAGE_PART = objectOf("a corruption of a medium", {
  modality: rules.text,
  kind: rules.text,
  severity: perhaps(rules.numbers),
});
const DAMAGE_STEP = objectOf("a corruption of a medium", { kind: rules.text, severity: rules.number });
const DAMAGE_CALL = [
  must(rules.object),
  must({
    expected: "an object with a medium",
    holds: (value) => isRecord(value) && isRecord(value["medium"]),
  }),
  (value: unknown, place: string): void => {
    LIST(value, place);
    if (Array.isArray(value)) for (const one of value) DAMAGE_STEP(one, place);
  },
  objectOf("a seed, a modality and an id", { seed: rules.whole, modality: rules.text, id: rules.text }),
];
export const parseDamage: typeof specification.parseDamage = checkedCall(
  "parseDamage",
  specification.parseDamage,
  [TEXT],
);
export const showDamage: typeof specification.showDamage = checkedCall(
  "showDamage",
  specification.showDamage,
  [DAMAGE_PART],
);
export const damageMedium: typeof media.damageMedium = (kinds, given, steps, draw) => {
  checkArguments("damageMedium", [kinds, given, steps, draw], DAMAGE_CALL);
  return media.damageMedium(kinds, given, steps, draw);
};
export const outputsOf: typeof tasks.outputsOf = checkedCall("outputsOf", tasks.outputsOf, [must(task)]);
export const fitNormaliser: typeof scaling.fitNormaliser = checkedCall(
  "fitNormaliser",
  scaling.fitNormaliser,
  [
    SPLIT,
    optional(
      optionsOf({
        kind: oneOf(scaling.normaliserKinds),
        clip: rules.number,
        length: rules.number,
        keep: rules.texts,
      }),
    ),
  ],
);
export const normaliseSplit: typeof scaling.normaliseSplit = checkedCall(
  "normaliseSplit",
  scaling.normaliseSplit,
  [SPLIT, must(normaliser)],
);
export const normaliseDataset: typeof scaling.normaliseDataset = checkedCall(
  "normaliseDataset",
  scaling.normaliseDataset,
  [checkDataset, must(normaliser)],
);
export const selectModalities: typeof selection.selectModalities = checkedCall(
  "selectModalities",
  selection.selectModalities,
  [checkDataset, TEXTS],
);
export const modalitySubsets: typeof subsets.modalitySubsets = checkedCall(
  "modalitySubsets",
  subsets.modalitySubsets,
  [TEXTS],
);
export const generateSynthetic: typeof synthetic.generateSynthetic = checkedCall(
  "generateSynthetic",
  synthetic.generateSynthetic,
  [
    optional(
      optionsOf({
        seed: rules.whole,
        sizes: { expected: "the sizes of train, valid and test", holds: isSizes },
        cleanOnly: rules.flag,
        unseen: oneOf(syntheticKinds),
      }),
    ),
  ],
);

function isSplit(value: unknown): boolean {
  if (!isRecord(value) || !isRecord(value["modalities"])) return false;
  const { size, ids, labels, modalities } = value;
  return (
    rules.whole.holds(size) &&
    Array.isArray(ids) &&
    labels instanceof Float32Array &&
    Object.values(modalities).every(isTable)
  );
}

function isTable(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { width, steps, values, mask, present } = value;
  return (
    rules.count.holds(width) &&
    rules.count.holds(steps) &&
    values instanceof Float32Array &&
    mask instanceof Uint8Array &&
    present instanceof Uint8Array
  );
}

function isSizes(value: unknown): boolean {
  return isRecord(value) && tasks.SPLIT_NAMES.every((name) => rules.count.holds(value[name]));
}
