import { objectOf, rules } from "../core/checked-call.js";
import type { z } from "zod";
import type { Options } from "../core/nested-options.js";
import { type Task, TASK_KINDS } from "../data/dataset.js";
import type { WeightSource } from "../nn/parameter-set.js";
import type { ModelGraph } from "../onnx/model-graph.js";
import type { Backend } from "../tensor/backend.js";
import type { DataSignature, Model } from "./model.js";
import type { TrainConfig } from "./train-config.js";

/** Table of the paper that compares methods. */
export type PaperTable = "table1" | "table2" | "table3";

/** Named options of a model and its training. Explicit options override them. */
export interface ModelPreset<Config = Readonly<Record<string, unknown>>> {
  /** Purpose in a few words, for help texts. */
  readonly summary: string;
  /** Options of the model. */
  readonly config: Partial<Config>;
  /** Options of training. */
  readonly train: Partial<TrainConfig>;
}

/** Earlier names of a model's options. */
export interface FormerOptions {
  /** Dotted path of each option by its earlier name. */
  readonly paths: Readonly<Record<string, string>>;
  /** Converts options of the earlier form, complete or not. Does not change options of the present form. */
  readonly migrate: (options: Options) => Options;
}

/** Description of one kind of model. Flags, help, choices, tables and types follow from it. */
export interface ModelDefinition<
  Name extends string = string,
  Schema extends z.ZodObject = z.ZodObject,
  Preset extends string = string,
> {
  /** Name in configurations and on the command line: lower case, with dashes. */
  readonly name: Name;
  /** Name in tables. */
  readonly label: string;
  /** One sentence without a full stop, for help texts. */
  readonly summary: string;
  /** Options of the model: a strict object in which every key has a default and a description. */
  readonly schema: Schema;
  readonly presets: Readonly<Record<Preset, ModelPreset<z.input<Schema>>>>;
  /** Kinds of task that the model can be trained for. */
  readonly tasks: readonly Task["kind"][];
  /** Minimum number of modalities: 2 for a method that relates modalities to each other. */
  readonly leastModalities: 1 | 2;
  /** Earlier names of its options, if configurations with them are still read. */
  readonly former?: FormerOptions;
  /** True if the result does not depend on the seed. */
  readonly deterministic?: boolean;
  /** Tables of the paper in which the model is a row, as a baseline. */
  readonly tables: readonly PaperTable[];
  /**
   * Builds the model for a data set.
   * @param config complete and valid options, as {@link ModelDefinition.schema} gives them
   * @param seed seed of the initial weights, or "blank"
   * @throws ConfigError for options that contradict each other or the data
   */
  create(signature: DataSignature, config: z.infer<Schema>, backend: Backend, seed: WeightSource): Model;
  /**
   * Loads the code that writes the model as an ONNX graph. Absent for a model without ONNX export.
   * @param config complete and valid options, as {@link ModelDefinition.schema} gives them
   */
  onnx?(config: z.infer<Schema>): Promise<ModelGraph>;
}

/** Definition of any model. */
export type AnyModelDefinition = ModelDefinition;

/** All kinds of task. */
export const everyTask = TASK_KINDS;

/** Checks the fields of a definition without a default. */
export const DEFINITION = objectOf("a definition of a model", {
  name: rules.text,
  label: rules.text,
  summary: rules.text,
  schema: {
    expected: "a schema of options",
    holds: (value) => typeof value === "object" && value !== null && "safeParse" in value,
  },
  create: rules.call,
});

/**
 * Describes a model. `tasks` defaults to every kind, `leastModalities` to 1, `presets` and `tables` to none.
 * @returns the complete definition
 */
export function defineModel<
  const Name extends string,
  Schema extends z.ZodObject,
  const Preset extends string = never,
>(
  definition: Pick<
    ModelDefinition<Name, Schema, Preset>,
    "name" | "label" | "summary" | "schema" | "create"
  > &
    Partial<ModelDefinition<Name, Schema, Preset>>,
): ModelDefinition<Name, Schema, Preset> {
  DEFINITION(definition, "defineModel, argument 1");
  const none = {} as Readonly<Record<Preset, ModelPreset<z.input<Schema>>>>;
  return { presets: none, tasks: everyTask, leastModalities: 1, tables: [], ...definition };
}
