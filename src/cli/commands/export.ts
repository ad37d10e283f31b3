import { z } from "zod";
import { ConfigError } from "../../core/errors.js";
import { type ExportReport, exportRun } from "../../export/export-run.js";
import { defineCommand } from "../command.js";

/** Largest allowed difference between the exported model and the original. */
const TOLERANCE = 1e-5;

const schema = z.strictObject({
  run: z.string().default("run").describe("run folder, or a weights.safetensors file"),
  out: z.string().default("export").describe("folder for the exported files"),
  onnx: z
    .boolean()
    .default(false)
    .describe("write model.onnx (ONNX opset 17); it accepts any batch size and any missing modality"),
  overwrite: z.boolean().default(false).describe("replace existing exported files"),
});

export const exportCommand = defineCommand({
  name: "export",
  description:
    "Exports a trained model for other runtimes, together with a MODEL_CARD.md. The ONNX graph takes " +
    "unnormalised features and a presence flag per modality, and returns the prediction with all " +
    "diagnostics. If the package onnxruntime-web is installed, the export is compared with the " +
    "original.",
  schema,
  examples: [
    "euar export --run run --out export --onnx",
    "euar export --run run/weights.safetensors --out export --onnx --overwrite --json",
  ],
  run: async (options, context) => {
    if (!options.onnx)
      throw new ConfigError("config.invalid", "euar export: no export format is given", {
        hint: "Add --onnx.",
      });
    const report = await exportRun(options);
    if (report.difference !== null && report.difference > TOLERANCE) {
      context.warn(
        `the exported model differs from the original by ${report.difference.toExponential(1)}, more ` +
          `than ${TOLERANCE}: gates or contributions may be nearly tied; see ${report.card}`,
      );
    }
    if (report.batchDependent)
      context.warn(
        "this model's gate depends on the batch: the prediction of a sample depends on the other " +
          "samples in its batch",
      );
    context.result(report, exportText(report));
  },
});

function exportText({ model, card, bytes, inputs, outputs, difference }: ExportReport): string {
  const compared =
    difference === null
      ? "not compared with the original (install onnxruntime-web to do so)"
      : `largest difference from the original ${difference.toExponential(1)}`;
  return [
    `model    ${model}, ${bytes} bytes, ${compared}`,
    `card     ${card}`,
    `inputs   ${inputs.map(({ name, dims }) => `${name} [${dims.join(", ")}]`).join(", ")}`,
    `outputs  ${outputs.map(({ name, dims }) => `${name} [${dims.join(", ")}]`).join(", ")}`,
  ].join("\n");
}
