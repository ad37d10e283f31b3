import { z } from "zod";
import { ConfigError } from "../../core/errors.js";
import { type ExportReport, exportRun } from "../../export/export-run.js";
import { defineCommand } from "../command.js";

/** What an exported model may differ from the original. */
const TOLERANCE = 1e-5;

const schema = z.strictObject({
  run: z.string().default("run").describe("run folder, or a weights.safetensors file"),
  out: z.string().default("export").describe("folder for the exported files"),
  onnx: z
    .boolean()
    .default(false)
    .describe("write model.onnx: ONNX opset 17, any batch size, any modality absent"),
  overwrite: z.boolean().default(false).describe("replace exported files that are there"),
});

export const exportCommand = defineCommand({
  name: "export",
  description:
    "Writes a trained model for other runtimes, with a MODEL_CARD.md beside it. The ONNX graph takes features as their extractor gives them (the normalisation is inside), with a " +
    "presence per modality, and gives the prediction with all diagnostics. It is compared with the original at once if the package onnxruntime-web is installed.",
  schema,
  examples: [
    "euar export --run run --out export --onnx",
    "euar export --run run/weights.safetensors --out export --onnx --overwrite --json",
  ],
  run: async (options, context) => {
    if (!options.onnx)
      throw new ConfigError("config.invalid", "euar export: no format was asked for", {
        hint: "Add --onnx.",
      });
    const report = await exportRun(options);
    if (report.difference !== null && report.difference > TOLERANCE) {
      context.warn(
        `the exported model differs from the original by ${report.difference.toExponential(1)}, more than ${TOLERANCE}: gates or contributions may be nearly tied; see ${report.card}`,
      );
    }
    if (report.batchDependent)
      context.warn(
        "the gate of this model depends on the batch: a sample's prediction depends on the other samples that it is scored with",
      );
    context.result(report, exportText(report));
  },
});

function exportText({ model, card, bytes, inputs, outputs, difference }: ExportReport): string {
  const compared =
    difference === null
      ? "not compared (install onnxruntime-web to do so)"
      : `largest difference to the original ${difference.toExponential(1)}`;
  return [
    `model    ${model}, ${bytes} bytes, ${compared}`,
    `card     ${card}`,
    `inputs   ${inputs.map(({ name, dims }) => `${name} [${dims.join(", ")}]`).join(", ")}`,
    `outputs  ${outputs.map(({ name, dims }) => `${name} [${dims.join(", ")}]`).join(", ")}`,
  ].join("\n");
}
