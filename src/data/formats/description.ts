import { z } from "zod";
import { causeText } from "../../core/cause-text.js";
import { DataError } from "../../core/errors.js";
import { SPLIT_NAMES } from "../dataset.js";
import { parseJson } from "../../core/parse-json.js";
import { suggestion } from "../../core/nearest.js";

const name = z.string().min(1);
const names = z.array(name).min(1);

/** Source of the rows of one split. */
const splitSchema = z.strictObject({
  features: z.record(name, name).describe("by modality: path of an .npy file of shape (N, D) or (N, T, D)"),
  masks: z
    .record(name, name)
    .optional()
    .describe(
      "by modality: path of an .npy file of shape (N, T), 1 = a real step; a sample without a real " +
        "step lacks the modality",
    ),
  quality: z
    .record(name, name)
    .optional()
    .describe('by modality: path of an .npy file of shape (N, Q) with the measures that "quality" names'),
  labels: name
    .optional()
    .describe("path of an .npy file of shape (N,) or (N, targets); omit it to read labels from the table"),
  table: name.optional().describe("path of a .tsv, .csv or .jsonl file with one row per sample"),
  damage: names
    .optional()
    .describe(
      "modalities for which the table has columns MODALITY.kind and MODALITY.severity: the corruption " +
        "of each sample before features were made",
    ),
});

/** Corrupted copies of training samples. */
const copiesSchema = z.strictObject({
  features: splitSchema.shape.features,
  masks: splitSchema.shape.masks,
  quality: splitSchema.shape.quality,
  table: name.describe(
    "path of a .tsv, .csv or .jsonl file with one row per copy: row (of the training split, from 0), and " +
      "per modality MODALITY.kind and MODALITY.severity in [0, 1]",
  ),
});

const columnsSchema = z.strictObject({
  id: name.optional().describe("column with the sample's name"),
  text: name.optional().describe("column with the text"),
  labels: z.union([name, names]).optional().describe("column or columns with the labels"),
  split: name.optional().describe("column with the split of each row"),
});

const taskSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("regression"),
    targets: names.optional(),
    range: z.tuple([z.number(), z.number()]).optional().describe("scale of the labels"),
    threshold: z.number().optional().describe("labels above it are positive, for an accuracy of two classes"),
    bins: z
      .array(z.number())
      .min(1)
      .optional()
      .describe("ascending edges of bins (lo, hi], for an accuracy of bins"),
  }),
  z.strictObject({ kind: z.literal("classification"), classes: names.optional() }),
  z.strictObject({
    kind: z.literal("multi-label"),
    labels: names.optional(),
    threshold: z.number().optional().describe("numbers above it count as present"),
  }),
]);

const optionValue = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** Stored form of a {@link FeatureOrigin}. */
export const featureOriginSchema = z.strictObject({
  adapter: name,
  version: z.number(),
  packages: z.record(z.string(), z.string()),
  options: z.record(z.string(), optionValue),
  width: z.int().min(1),
  preparation: z
    .strictObject({
      align: z.enum(["word", "uniform", "none"]),
      steps: z.int().min(1).nullable(),
      pool: z.enum(["mean", "none"]),
      fps: z.number().positive().nullable(),
      part: z.enum(["left", "right"]).optional(),
    })
    .optional(),
});

const splitNames = z.array(z.enum(SPLIT_NAMES));

/**
 * Schema of dataset.json, which describes the files of a folder. Paths are absolute or relative to this file.
 * docs/formats.md has examples.
 */
export const descriptionSchema = z.strictObject({
  name: name.optional(),
  task: taskSchema.optional().describe("task of the labels; default: derived from the training labels"),
  columns: columnsSchema.default({}),
  /** Separate files per split. Excludes `all`. */
  splits: z.strictObject({ train: splitSchema, valid: splitSchema, test: splitSchema }).optional(),
  /** The same files for all splits, divided by the column `columns.split`. Excludes `splits`. */
  all: splitSchema.optional(),
  splitNames: z
    .strictObject({ train: name, valid: name, test: name })
    .default({ train: "train", valid: "valid", test: "test" })
    .describe("value of the split column for each split"),
  modalities: names.optional().describe("order of the modalities"),
  quality: z
    .record(name, names)
    .optional()
    .describe("by modality: names of the measures of its media's quality"),
  copies: copiesSchema.optional().describe("rows made of corrupted copies of the training samples' media"),
  noise: z
    .strictObject({ specification: name, seed: z.int().min(0), splits: splitNames })
    .optional()
    .describe("noise on texts and images before features were extracted; written by `euar extract --noise`"),
  corruption: z
    .array(
      z.strictObject({
        specification: name.optional(),
        available: names.optional(),
        seed: z.int().min(0),
        splits: splitNames,
        units: name,
      }),
    )
    .optional()
    .describe("corruptions of the features, in order; written by `euar corrupt`"),
  features: z
    .record(name, featureOriginSchema)
    .optional()
    .describe("origin of the features, by modality; written by `euar extract`"),
});

export type Description = z.infer<typeof descriptionSchema>;
export type SplitFiles = z.infer<typeof splitSchema>;
export type CopyFiles = z.infer<typeof copiesSchema>;

/** @throws DataError "data.format" naming the first error, with a suggestion for a misspelt key */
export function parseDescription(text: string, path: string): Description {
  const result = descriptionSchema.safeParse(parsed(text, path));
  if (!result.success) throw explain(result.error.issues, path);
  const description = result.data;
  if ((description.splits === undefined) === (description.all === undefined)) {
    throw new DataError("data.format", `${path}: exactly one of "splits" and "all" is needed.`, {
      hint: 'Use "splits" for separate files per split, or "all" for files that a split column divides.',
    });
  }
  if (
    description.all !== undefined &&
    (description.columns.split === undefined || description.all.table === undefined)
  ) {
    throw new DataError("data.format", `${path}: "all" needs a table and the name of its split column.`, {
      hint: 'For example: "columns": {"split": "split"}.',
    });
  }
  return description;
}

function parsed(text: string, path: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    throw new DataError("data.format", `${path} is not valid JSON: ${causeText(cause)}`, {
      hint: "Correct it at the place named.",
      cause,
    });
  }
}

/** Allowed keys by place, for suggestions. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  "": Object.keys(descriptionSchema.shape),
  columns: Object.keys(columnsSchema.shape),
  task: ["kind", "targets", "range", "threshold", "bins", "classes", "labels"],
  splits: SPLIT_NAMES,
  splitNames: SPLIT_NAMES,
  all: Object.keys(splitSchema.shape),
  copies: Object.keys(copiesSchema.shape),
};

function explain(issues: readonly z.core.$ZodIssue[], path: string): DataError {
  const unknown = issues.find((issue) => issue.code === "unrecognized_keys");
  const issue = unknown ?? issues[0];
  const place = issue === undefined ? "" : issue.path.map(String).join(".");
  const at = place === "" ? "" : ` at "${place}"`;
  if (unknown !== undefined) {
    const key = unknown.keys[0] ?? "";
    return new DataError("data.format", `${path}: unknown key "${key}"${at}.`, {
      hint: suggestion(key, KEYS[place] ?? Object.keys(splitSchema.shape)),
    });
  }
  return new DataError("data.format", `${path}${at}: ${issue?.message ?? "the description is not valid"}.`, {
    hint: "docs/formats.md describes dataset.json.",
  });
}
