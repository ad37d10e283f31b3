import { z } from "zod";
import { zodIssue } from "../core/zod-issue.js";
import { exp, log } from "../core/math.js";
import { ConfigError } from "../core/errors.js";
import { suggestion } from "../core/nearest.js";
import { layOver, type Options, optionsOf } from "../core/nested-options.js";
import { kebabCase } from "../core/kebab-case.js";
import { type Field, fieldsOf } from "../core/option-fields.js";
import { randomKey, uniformAt } from "../core/random.js";
import { modelNamed, resolveModelConfig } from "../models/registry.js";
import { resolveTrainConfig } from "../train/resolve-train-config.js";
import { trainConfigSchema } from "../models/train-config.js";
import { textEncoderSchema } from "../encoders/text-encoder-config.js";
import { checkEncoderOptions } from "./recipe.js";

const range = z
  .tuple([z.number(), z.number()])
  .refine(([low, high]) => low < high, "the first number must be below the second");

/** Distribution of one option's values. */
const dimensionSchema = z.union([
  z.strictObject({ choice: z.array(z.unknown()).min(1) }),
  z.strictObject({ uniform: range }),
  z.strictObject({ log: range.refine(([low]) => low > 0, "a logarithmic range must be above 0") }),
  z.strictObject({
    integer: z
      .tuple([z.int(), z.int()])
      .refine(([low, high]) => low <= high, "the first number must not be above the second"),
  }),
]);

type Dimension = z.infer<typeof dimensionSchema>;

const spaceSchema = z.record(z.string(), dimensionSchema);
/** Distributions of the options to search, by option. See {@link parseSearchSpace}. */
export type SearchSpace = z.infer<typeof spaceSchema>;

/** Options that a sweep must not vary: they define the comparison, not the training. */
const FIXED: readonly string[] = ["seed", "epochs", "selectBy"];

const ENCODER_OPTIONS = Object.keys(textEncoderSchema.shape).filter((option) => option !== "textEncoder");

/** One random setting. */
export interface Trial {
  readonly number: number;
  /** Options of the model. */
  readonly config: Options;
  /** Options of training. */
  readonly train: Readonly<Record<string, unknown>>;
  /** Options of the text encoder. */
  readonly encoder: Readonly<Record<string, unknown>>;
}

/**
 * Parses a search space: option -> {"choice": [...]}, {"uniform": [low, high]}, {"log": [low, high]} or
 * {"integer": [low, high]}. Options of the model, of training and of the text encoder (if there is one) are
 * allowed. An option of a part of the model has a dotted path, such as "experts.count", or its short name on
 * the command line. Draws depend on the name as written.
 * @param name file of the space, for errors
 * @throws ConfigError for an invalid space, an unknown option, or an option that a sweep must not vary
 */
export function parseSearchSpace(
  value: unknown,
  model: string,
  { name, withEncoder = false }: { readonly name: string; readonly withEncoder?: boolean },
): SearchSpace {
  const parsed = spaceSchema.safeParse(value);
  if (!parsed.success) {
    throw new ConfigError("config.invalid", `${name}: ${zodIssue(parsed.error)}`, {
      hint:
        'For example {"learningRate": {"log": [0.0003, 0.01]}, "experts.count": {"choice": [2, 4, 8]}, ' +
        '"dropout": {"uniform": [0, 0.5]}}.',
    });
  }
  const ofModel = namedOptions(model);
  const others = [...Object.keys(trainConfigSchema.shape), ...(withEncoder ? ENCODER_OPTIONS : [])];
  const known = [...[...ofModel.values()].map(({ key }) => key), ...others];
  for (const option of Object.keys(parsed.data)) {
    if (!ofModel.has(kebabCase(option)) && !others.includes(option))
      throw new ConfigError(
        "config.unknown-key",
        `${name}: neither the model ${model} nor training${withEncoder ? " nor the text encoder" : ""} ` +
          `has an option "${option}"`,
        { hint: suggestion(option, [...new Set(known)]) },
      );
    if (FIXED.includes(option))
      throw new ConfigError("config.conflict", `${name}: a sweep cannot vary ${option}`, {
        hint: "Set it as an option of the sweep, or leave it out.",
      });
  }
  if (Object.keys(parsed.data).length === 0)
    throw new ConfigError("config.invalid", `${name} has no options`, {
      hint: "Name at least one option to draw.",
    });
  return parsed.data;
}

/**
 * Draws settings at random, independently: trial n does not depend on the number of trials. Omits the options
 * of a kind that the trial did not draw. Checks each setting before anything is trained.
 * @param recipe model options that all trials share
 * @throws ConfigError for a value out of an option's range
 */
export function drawTrials(
  space: SearchSpace,
  model: string,
  count: number,
  seed: number,
  recipe: Options = {},
): Trial[] {
  const ofModel = namedOptions(model);
  const trainOptions = Object.keys(trainConfigSchema.shape);
  return Array.from({ length: count }, (_, index) => {
    const values = Object.entries(space).map(([option, dimension]) => ({
      option,
      field: ofModel.get(kebabCase(option)),
      value: valueOf(dimension, uniformAt(randomKey(seed, `sweep/${option}`), index)),
    }));
    const isIdle = (field: Field): boolean => {
      const kind = values.find((other) => other.field?.key === field.needs?.key)?.value;
      return typeof kind === "string" && field.needs?.values.includes(kind) === false;
    };
    const part = (options: readonly string[]): Record<string, unknown> =>
      Object.fromEntries(
        values.filter(({ option }) => options.includes(option)).map(({ option, value }) => [option, value]),
      );
    const trial = {
      number: index + 1,
      config: values
        .flatMap(({ field, value }) => (field && !isIdle(field) ? [optionsOf(field.key, value)] : []))
        .reduce(layOver, {}),
      train: part(trainOptions),
      encoder: part(ENCODER_OPTIONS),
    };
    resolveModelConfig(model, layOver(recipe, trial.config));
    resolveTrainConfig(trial.train);
    checkEncoderOptions(trial.encoder);
    return trial;
  });
}

/** Returns the options of a model that a space may name, by dotted path and by short name. */
function namedOptions(model: string): ReadonlyMap<string, Field> {
  const fields = fieldsOf(modelNamed(model).schema);
  const short = fields.flatMap((field) => (field.alias === undefined ? [] : [[field.alias, field] as const]));
  return new Map([...fields.map((field) => [kebabCase(field.key), field] as const), ...short]);
}

function valueOf(dimension: Dimension, draw: number): unknown {
  if ("choice" in dimension) return dimension.choice[Math.floor(draw * dimension.choice.length)];
  if ("uniform" in dimension)
    return dimension.uniform[0] + draw * (dimension.uniform[1] - dimension.uniform[0]);
  if ("integer" in dimension)
    return dimension.integer[0] + Math.floor(draw * (dimension.integer[1] - dimension.integer[0] + 1));
  const [low, high] = [log(dimension.log[0]), log(dimension.log[1])];
  return Number(exp(low + draw * (high - low)).toPrecision(6));
}
