import type { Field } from "../../core/option-fields.js";
import { fieldsOf, fieldsOfJson } from "../../core/option-fields.js";
import { layOver, leavesOf } from "../../core/nested-options.js";
import { textEncoderSchema } from "../../encoders/text-encoder-config.js";
import { builtInModels } from "../../models/registry.js";
import { trainConfigSchema } from "../../models/train-config.js";
import { trainSchema } from "./train-schema.js";
import { OWN_OPTIONS } from "./trainings.js";

/** Options of a training for a page: presets and fields, with their help. */
export interface TrainOptions {
  readonly models: readonly {
    readonly name: string;
    readonly summary: string;
    readonly fields: readonly Field[];
    /** `values` by dotted path, of the model and of training. */
    readonly presets: readonly {
      readonly name: string;
      readonly summary: string;
      readonly values: Readonly<Record<string, unknown>>;
    }[];
  }[];
  /** Options that do not depend on the model. */
  readonly groups: readonly { readonly name: string; readonly fields: readonly Field[] }[];
}

/** Options that do not change the trained model. */
const MACHINE = ["backend", "threads", "arithmetic"];

/** Returns the options of a training, from the schemas that check them. */
export async function trainOptions(): Promise<TrainOptions> {
  const modelKeys = new Set(builtInModels.flatMap(({ schema }) => Object.keys(schema.shape)));
  const training = fieldsOf(trainConfigSchema);
  const trainingKeys = new Set(training.map(({ key }) => key));
  const others = fieldsOfJson(await trainSchema()).filter(({ key }) => {
    const [option = ""] = key.split(".");
    return (
      !["model", "preset", ...OWN_OPTIONS].includes(option) &&
      !modelKeys.has(option) &&
      !trainingKeys.has(option) &&
      !Object.hasOwn(textEncoderSchema.shape, option)
    );
  });
  return {
    models: builtInModels.map(({ name, summary, schema, presets }) => ({
      name,
      summary,
      fields: fieldsOf(schema),
      presets: Object.entries(presets).map(([preset, { summary, config, train }]) => ({
        name: preset,
        summary,
        values: Object.fromEntries(leavesOf(layOver(train, config))),
      })),
    })),
    groups: [
      { name: "Training", fields: training },
      { name: "Data", fields: others.filter(({ key }) => !MACHINE.includes(key)) },
      { name: "Machine", fields: others.filter(({ key }) => MACHINE.includes(key)) },
    ],
  };
}
