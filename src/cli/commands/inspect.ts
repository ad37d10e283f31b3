import { statSync } from "node:fs";
import { z } from "zod";
import { recogniseFile } from "../../data/formats/file-kind.js";
import { readHead } from "../../data/formats/file-source.js";
import { loadDataset } from "../../data/formats/load-dataset.js";
import { defineCommand } from "../command.js";
import { datasetOptions, readingFields } from "../data-options.js";
import { inspectDataset } from "../inspect-dataset.js";
import { inspectRun, inspectWeights, isRunFolder } from "../inspect-run.js";

function isWeightFile(path: string): boolean {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false;
  return recogniseFile(readHead(path), path)?.id === "safetensors";
}

const schema = z.strictObject({
  path: z.string().describe("data set (as for --data), run folder, or .safetensors file"),
  ...readingFields,
});

export const inspectCommand = defineCommand({
  name: "inspect",
  description:
    "Shows the content of a data set (modalities, widths, lengths, labels, findings of the reader), " +
    "a run folder or a weight file.",
  schema,
  positional: { key: "path", label: "path" },
  examples: [
    "euar inspect mosi.pkl",
    "euar inspect synthetic --json",
    "euar inspect run",
    "euar inspect run/weights.safetensors",
  ],
  run: async (options, context) => {
    const { path } = options;
    if (isRunFolder(path)) {
      const { data, text } = inspectRun(path);
      context.result(data, text);
    } else if (path.toLowerCase().endsWith(".safetensors") || isWeightFile(path)) {
      const { data, text } = inspectWeights(path);
      context.result(data, text);
    } else {
      const { data, text } = inspectDataset(await loadDataset(path, datasetOptions(options)));
      context.result(data, text);
    }
  },
});
