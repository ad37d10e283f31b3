import { z } from "zod";
import { ConfigError, MediaError } from "../../core/errors.js";
import {
  corruptDataset,
  type CorruptDatasetOptions,
  corruptionNote,
} from "../../corruption/corrupt-dataset.js";
import { corruptionKinds } from "../../corruption/register-corruption.js";
import { parseCorruption } from "../../corruption/parse-corruption.js";
import { type Dataset, SPLIT_NAMES } from "../../data/dataset.js";
import { loadDataset } from "../../data/formats/load-dataset.js";
import { requireApart } from "../../data/files/output-place.js";
import { replaceFolder, requireReplaceable } from "../../data/formats/replace-folder.js";
import { writeFolder } from "../../data/formats/write-folder.js";
import { findModality } from "../../data/modality-names.js";
import { findCondition } from "../../protocols/conditions.js";
import { Predictor } from "../../predict/predictor.js";
import { defineCommand } from "../command.js";
import type { CommandContext } from "../context.js";
import { corruptMediaCommand, forMedia } from "../corrupt-media.js";
import { dataFields, datasetOptions } from "../data-options.js";
import { interruptible } from "../interruptible-work.js";
import { loadForModel } from "../load-for-model.js";
import { loadProtocol } from "../load-protocol.js";

const schema = z.strictObject({
  ...dataFields,
  out: z.string().min(1).describe("folder to write the corrupted copy to"),
  noise: z
    .array(z.string())
    .default([])
    .describe(
      "corruptions to apply to the features, in order, as kind:amount or modality=kind:amount; " +
        `kinds: ${corruptionKinds().join(", ")}`,
    ),
  damage: z
    .string()
    .min(1)
    .optional()
    .describe(
      "corrupt raw media instead of features: DATA is then a folder or table as for `euar extract`. Parts " +
        "modality=kind:severity with severities 0 to 1, separated by commas and applied in order, e.g. " +
        "audio=babble:0.6@0.2-0.8,text=typos:0.3; docs/damage.md lists the kinds",
    ),
  media: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe("columns of a table that hold media, as for `euar extract` (raw media only)"),
  label: z.string().min(1).default("label").describe("column with the labels (raw media only)"),
  available: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe("modalities to keep; the others are removed from every sample"),
  protocol: z
    .string()
    .min(1)
    .optional()
    .describe(
      "protocol that defines the corruption, as for `euar evaluate --protocol`. Requires --condition if it " +
        "corrupts features. If it corrupts raw media, DATA is a folder or table as for `euar extract`",
    ),
  condition: z
    .string()
    .min(1)
    .optional()
    .describe(
      "condition of the protocol, by its name, e.g. missing:0.3 (requires --protocol). Default for raw " +
        "media: every condition, each in a folder of its own in OUT",
    ),
  splits: z
    .array(z.enum(SPLIT_NAMES))
    .min(1)
    .default(["test"])
    .describe("splits to corrupt; the others are copied unchanged"),
  seed: z.int().min(0).default(1).describe("seed of the corruption; each sample gets its own random numbers"),
  run: z
    .string()
    .min(1)
    .optional()
    .describe(
      "run folder that gives the modalities to read, and the training means and standard deviations " +
        "that scale the noise (default: statistics of the data set's own training split)",
    ),
  overwrite: z.boolean().default(false).describe("replace an existing corrupted copy in OUT"),
});

type Options = z.infer<typeof schema>;

export const corruptCommand = defineCommand({
  name: "corrupt",
  description:
    "Writes a copy of a data set with corrupted features, as a folder with a dataset.json. A model " +
    "evaluated on the copy gets exactly the same metrics as on the original under the same noise and " +
    "seed. The corruption is recorded in dataset.json; texts and labels are unchanged. With --damage, " +
    "writes a corrupted copy of raw media, which `euar extract` and other tools read: the files, the table " +
    "of labels, and manifest.jsonl. After an interruption, run the same command again.",
  schema,
  positional: { key: "data", label: "data" },
  examples: [
    "euar corrupt mosi.pkl --out mosi-noisy --noise gaussian:1",
    "euar corrupt mosi.pkl --out mosi-drop --noise text=frame-zero:0.5,missing:0.2 " +
      "--splits valid,test --seed 7",
    "euar corrupt mosi.pkl --out mosi-missing --protocol random-missing --condition missing:0.3",
    "euar evaluate --run run --data mosi-missing",
    "euar corrupt clips --out clips-noisy --damage audio=babble:0.6@0.2-0.8,text=recognition-errors:0.3",
    "euar corrupt clips --out clips-damaged --protocol bad-microphone.json",
  ],
  underlay: (given) => {
    const has = (key: keyof Options): boolean => given[key] !== undefined;
    if (forMedia(given)) return {};
    if (has("protocol") !== has("condition")) {
      throw new ConfigError(
        "config.invalid",
        "euar corrupt: --protocol and --condition must be given together",
        {
          hint: "For example --protocol random-missing --condition missing:0.3.",
        },
      );
    }
    const idle = has("protocol") ? (["noise", "available", "seed"] as const).find(has) : undefined;
    if (idle !== undefined)
      throw new ConfigError(
        "config.conflict",
        `euar corrupt: --${idle} conflicts with --protocol, which defines the corruption and its seed`,
        { hint: `Leave --${idle} out.` },
      );
    if (!has("protocol") && !has("noise") && !has("available")) {
      throw new ConfigError("config.invalid", "euar corrupt: no corruption is given", {
        hint: "Give --noise, --available, --protocol with --condition, or --damage for raw media.",
      });
    }
    return {};
  },
  run: async (options, context) => {
    if (forMedia({ damage: options.damage, protocol: options.protocol })) {
      await corruptMediaCommand(options, context);
      return;
    }
    requireReplaceable(options.out, options.overwrite);
    requireApart(options.out, options.data);
    const model =
      options.run === undefined ? undefined : await Predictor.load(options.run, { backend: "reference" });
    const dataset =
      model === undefined
        ? await loadDataset(options.data, datasetOptions(options))
        : await loadForModel(options, model);
    const copy = corruptDataset(dataset, {
      ...whatToDo(options, dataset),
      splits: options.splits,
      ...(model && { units: { normaliser: model.normaliser, run: model.hash } }),
    });
    await write(copy, options, context);
    const done = copy.corruption?.at(-1);
    const sizes = Object.fromEntries(Object.entries(copy.splits).map(([name, { size }]) => [name, size]));
    context.result(
      { out: options.out, name: copy.name, sizes, modalities: copy.modalities, corruption: done },
      `${options.out}: ${done === undefined ? "" : corruptionNote(done)}`,
    );
  },
});

function whatToDo(
  options: Options,
  dataset: Dataset,
): Pick<CorruptDatasetOptions, "corruption" | "available" | "seed"> {
  const known = dataset.modalities.map(({ name }) => name);
  if (options.protocol !== undefined && options.condition !== undefined) {
    const protocol = loadProtocol(options.protocol);
    const { corruption, available } = findCondition(protocol, known, options.condition);
    return { corruption, seed: protocol.seed, ...(available.length < known.length && { available }) };
  }
  const available = options.available?.map((name) => findModality(name, known, "euar corrupt, --available"));
  return {
    corruption: options.noise.flatMap(parseCorruption),
    seed: options.seed,
    ...(available && { available }),
  };
}

async function write(copy: Dataset, { out, overwrite }: Options, context: CommandContext): Promise<void> {
  const interrupted = (cause: unknown): Error =>
    new MediaError("media.interrupted", "writing the copy was interrupted; nothing was written", {
      hint: "Run the same command again.",
      cause,
    });
  await interruptible(context, { stopping: "Stopping. Nothing is written.", interrupted }, (signal) =>
    replaceFolder(out, overwrite, (folder) => writeFolder(folder, copy, signal)),
  );
}
