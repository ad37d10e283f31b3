import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { zodIssue } from "../core/zod-issue.js";
import { CheckpointError } from "../core/errors.js";
import { leavesOf, type Options } from "../core/nested-options.js";
import { parseJson } from "../core/parse-json.js";
import { readSmallText } from "../data/files/read-small-file.js";
import { fixed } from "../report/numbers.js";
import { featureOriginSchema } from "../data/formats/description.js";
import { textTable } from "../report/text-table.js";
import { readTensorFile } from "../runs/read-tensor-file.js";
import { readSafetensors } from "../runs/safetensors.js";
import { runFiles } from "../runs/run-files.js";
import { originLines } from "./origin-lines.js";

/** Result of an inspection: `data` for --json, `text` for the terminal. */
export interface Inspection {
  readonly data: Readonly<Record<string, unknown>>;
  readonly text: string;
}

const configSchema = z.looseObject({
  hash: z.string(),
  model: z.object({ name: z.string(), config: z.record(z.string(), z.unknown()) }),
  train: z.record(z.string(), z.unknown()),
  backend: z.string(),
  arithmetic: z.string().optional(),
  encoder: z
    .looseObject({
      modality: z.string(),
      digest: z.string(),
      options: z.looseObject({
        textEncoder: z.string(),
        textLayers: z.number().optional(),
        textTrain: z.number().optional(),
        textLora: z.number().optional(),
      }),
    })
    .optional(),
  data: z.looseObject({
    name: z.string(),
    modalities: z.array(z.object({ name: z.string(), width: z.number(), steps: z.number() })),
    sizes: z.record(z.string(), z.number()),
    features: z.record(z.string(), featureOriginSchema).optional(),
  }),
});

const metricValues = z.record(z.string(), z.number().nullable());
const metricsSchema = z.looseObject({
  valid: metricValues,
  test: metricValues,
  bestEpoch: z.number(),
  epochs: z.number(),
  seconds: z.number(),
  engine: z.string().optional(),
});

/** Returns true if a folder holds a run, finished or not. */
export function isRunFolder(path: string): boolean {
  return (
    existsSync(join(path, runFiles.config)) &&
    (existsSync(join(path, runFiles.history)) || existsSync(join(path, runFiles.weights)))
  );
}

/**
 * Describes a run folder: model, data, progress and metrics.
 * @throws CheckpointError for damaged files
 */
export function inspectRun(path: string): Inspection {
  const config = readJson(join(path, "config.json"), configSchema);
  const metrics = existsSync(join(path, "metrics.json"))
    ? readJson(join(path, "metrics.json"), metricsSchema)
    : undefined;
  const state = metrics
    ? "finished"
    : existsSync(join(path, "checkpoint.safetensors"))
      ? "interrupted, can be resumed"
      : "unfinished";
  const epochs = countLines(join(path, "history.jsonl"));
  const { hash, model, train, backend, arithmetic, data } = config;
  const modalities = data.modalities.map(({ name, width }) => `${name} ${width}`).join(", ");
  const lines = [
    `run folder ${path}: ${state}`,
    `model      ${model.name}, ${settings(model.config)}`,
    `training   ${settings(train)}`,
    `backend    ${backend}` +
      (arithmetic ? `, ${arithmetic} arithmetic` : "") +
      (metrics?.engine ? ` (computed by ${metrics.engine})` : ""),
    `data       ${data.name} (${modalities}); ${Object.entries(data.sizes)
      .map(([split, size]) => `${size} ${split}`)
      .join(", ")}`,
    ...originLines(data.features).map((line) => `features   ${line}`),
    ...(config.encoder ? [`encoder    ${encoderLine(config.encoder)}`] : []),
    `hash       ${hash}`,
    `epochs     ${metrics ? `${metrics.epochs}, best epoch ${metrics.bestEpoch}` : epochs}`,
  ];
  const table = metrics && metricTable(metrics.valid, metrics.test);
  return {
    data: {
      kind: "run",
      path,
      state,
      config,
      epochs,
      metrics: metrics ? { valid: metrics.valid, test: metrics.test } : null,
      seconds: metrics?.seconds ?? null,
    },
    text: [...lines, ...(table === undefined ? [] : ["", table])].join("\n"),
  };
}

/** Describes the text encoder of a run and its trained part. */
function encoderLine({
  modality,
  digest,
  options,
}: NonNullable<z.infer<typeof configSchema>["encoder"]>): string {
  const { textEncoder, textLayers, textTrain, textLora } = options;
  const part =
    textTrain === 0
      ? "frozen"
      : textTrain === undefined
        ? "all layers trained"
        : `the last ${textTrain} trained`;
  const kept = textLayers === undefined ? "" : `, first ${textLayers} layers`;
  const lora = textLora === undefined || textTrain === 0 ? "" : ` by adapters of rank ${textLora}`;
  return `${modality}: ${textEncoder}${kept}, ${part}${lora}; ${digest}`;
}

function metricTable(valid: z.infer<typeof metricValues>, test: z.infer<typeof metricValues>): string {
  return textTable({
    caption: "Metrics",
    columns: [{ heading: "metric" }, { heading: "valid", numeric: true }, { heading: "test", numeric: true }],
    rows: Object.keys(test).map((name) => [name, fixed(valid[name]), fixed(test[name])]),
  });
}

function settings(values: Options): string {
  return leavesOf(values)
    .map(([key, value]) => `${key} ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");
}

function countLines(path: string): number {
  return existsSync(path)
    ? readSmallText(path)
        .split("\n")
        .filter((line) => line !== "").length
    : 0;
}

function readJson<Schema extends z.ZodType>(path: string, schema: Schema): z.infer<Schema> {
  let value: unknown;
  try {
    value = parseJson(readSmallText(path));
  } catch (cause) {
    throw new CheckpointError("checkpoint.format", `${path} cannot be read as JSON`, {
      hint: "The run folder is damaged. Train again.",
      cause,
    });
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new CheckpointError("checkpoint.format", `${path}: ${zodIssue(result.error)}`, {
    hint: "The file was not written by euar, or it was edited.",
  });
}

/** Describes a safetensors file: its tensors, and the model if euar wrote it. */
export function inspectWeights(path: string): Inspection {
  const { tensors, metadata } = readSafetensors(readTensorFile(path), path);
  const list = [...tensors].map(([name, { shape, values }]) => ({
    name,
    shape,
    type: values.constructor.name.replace("Array", "").toLowerCase(),
    bytes: values.byteLength,
  }));
  const bytes = list.reduce((sum, tensor) => sum + tensor.bytes, 0);
  const table = textTable({
    caption:
      `${path}: ${list.length} tensors, ${bytes} bytes` +
      (metadata.format === undefined ? "" : `, format ${metadata.format}`),
    columns: [
      { heading: "tensor" },
      { heading: "shape" },
      { heading: "type" },
      { heading: "bytes", numeric: true },
    ],
    rows: list.map(({ name, shape, type, bytes: size }) => [
      name,
      `[${shape.join(", ")}]`,
      type,
      String(size),
    ]),
  });
  return {
    data: {
      kind: "weights",
      path,
      format: metadata.format ?? null,
      hash: metadata.hash ?? null,
      bytes,
      tensors: list,
    },
    text: table,
  };
}
