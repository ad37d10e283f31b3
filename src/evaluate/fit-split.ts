import { ConfigError, DataError } from "../core/errors.js";
import { suggestion } from "../core/nearest.js";
import { requireSameAdapter } from "../data/adapter-identity.js";
import {
  type Dataset,
  type ModalityTable,
  outputNames,
  type Split,
  type SplitName,
} from "../data/dataset.js";
import type { RunConfig } from "../runs/results.js";

/**
 * Returns the modalities that a model may use, in the model's order.
 * @throws DataError "data.unknown-modality", ConfigError "config.invalid" for an empty list
 */
export function checkAvailable(available: readonly string[] | undefined, config: RunConfig): string[] {
  const known = config.data.modalities.map(({ name }) => name);
  if (available === undefined) return known;
  for (const name of available) {
    if (!known.includes(name))
      throw new DataError("data.unknown-modality", `evaluate: the model has no modality "${name}"`, {
        hint: suggestion(name, known),
      });
  }
  if (available.length === 0)
    throw new ConfigError("config.invalid", "evaluate: no modality is available", {
      hint: `Name at least one of ${known.join(", ")}.`,
    });
  return known.filter((name) => available.includes(name));
}

/**
 * Returns the split with exactly the model's modalities, in the model's order. A modality that the data lacks
 * is missing from every sample.
 * @throws DataError "data.format" for another task, "data.width-mismatch" for another number of features
 * @throws MediaError "media.mismatch" for features of another adapter
 */
export function fitSplit(
  dataset: Dataset,
  name: SplitName,
  config: RunConfig,
): { readonly split: Split; readonly warnings: readonly string[] } {
  requireSameTask(dataset, config);
  const split = dataset.splits[name];
  const warnings: string[] = [];
  const tables = config.data.modalities.map(({ name: modality, width }) => {
    const table = split.modalities[modality];
    if (!table) warnings.push(`the data have no modality "${modality}": it is missing from every sample`);
    else if (table.width !== width) {
      throw new DataError(
        "data.width-mismatch",
        `evaluate: modality "${modality}" of ${dataset.name} has ${table.width} features, ` +
          `the model was trained with ${width}`,
        {
          hint: "Use features of the same adapter as the training data.",
        },
      );
    }
    const [trained, given] = [config.data.features?.[modality], dataset.features?.[modality]];
    if (table && trained && given) requireSameAdapter(modality, trained, given);
    return [modality, table ?? missingTable(split.size, width)] as const;
  });
  for (const modality of Object.keys(split.modalities)) {
    if (!config.data.modalities.some((info) => info.name === modality))
      warnings.push(`the model was not trained with modality "${modality}": it is ignored`);
  }
  return { split: { ...split, modalities: Object.fromEntries(tables) }, warnings };
}

function requireSameTask(dataset: Dataset, { data }: RunConfig): void {
  const [a, b] = [dataset.task, data.task];
  const outputs = outputNames;
  if (
    a.kind === b.kind &&
    outputs(a).length === outputs(b).length &&
    outputs(a).every((name, i) => name === outputs(b)[i])
  )
    return;
  throw new DataError(
    "data.format",
    `evaluate: the model was trained for ${b.kind} of ${outputs(b).join(", ")}, ` +
      `${dataset.name} has labels for ${a.kind} of ${outputs(a).join(", ")}`,
    { hint: `Set the option task to ${b.kind} if the labels have that form.` },
  );
}

function missingTable(size: number, width: number): ModalityTable {
  return {
    width,
    steps: 1,
    values: new Float32Array(size * width),
    mask: new Uint8Array(size),
    present: new Uint8Array(size),
  };
}

/** Returns a warning about samples without any modality. */
export function emptyWarning(split: Split): string[] {
  const tables = Object.values(split.modalities);
  let empty = 0;
  for (let row = 0; row < split.size; row++) if (tables.every((table) => table.present[row] === 0)) empty++;
  return empty === 0
    ? []
    : [
        `${empty} of ${split.size} samples have none of the available modalities. ` +
          "They all get the same prediction.",
      ];
}
