import { join } from "node:path";
import { z } from "zod";
import { TrainError } from "../../core/errors.js";
import { loadDataset } from "../../data/formats/load-dataset.js";
import { writeWhole } from "../../data/formats/write-whole.js";
import { undamagedTwin } from "../../data/synthetic/load-synthetic.js";
import { nodeMedia } from "../../features/node-media.js";
import { demoReport, noisePicture } from "../../report/demo/demo-report.js";
import type { DemoResults } from "../../report/demo/demo-results.js";
import { clipModelRemarks, clipRemarks } from "../../report/demo/clip-remarks.js";
import type { ClipResults } from "../../report/demo/clip-results.js";
import { clipTable, clipViewTable } from "../../report/demo/clip-table.js";
import { demoRemarks, doubtRemarks } from "../../report/demo/demo-remarks.js";
import { demoTables } from "../../report/demo/demo-tables.js";
import { textTable } from "../../report/text-table.js";
import { backendChoice, backendFields } from "../backend-fields.js";
import { defineCommand } from "../command.js";
import { toJsonLine } from "../context.js";
import { DEMO_MODELS, runDemo } from "../demo/demo-job.js";
import type { Style } from "../io.js";
import { formatDuration } from "../progress.js";
import { followTraining } from "../train-progress.js";
import { packageVersion } from "../version.js";

const schema = z.strictObject({
  data: z
    .string()
    .default("synthetic")
    .describe(
      "embedded data set, with its options, e.g. `synthetic:seed=3` or " +
        "`synthetic:train=200,valid=50,test=100`",
    ),
  out: z
    .string()
    .default("euar-demo")
    .describe("folder for the report and the run folders; an earlier demo in it is replaced"),
  seed: z.int().min(0).default(1).describe("seed of training and noise"),
  epochs: z.int().min(1).max(10_000).default(30).describe("maximum number of epochs per model"),
  noise: z
    .array(z.number().positive())
    .min(1)
    .default([0.5, 1, 2, 3, 4])
    .describe("noise levels of the test features, in standard deviations of the training data"),
  ...backendFields,
});

export const demoCommand = defineCommand({
  name: "demo",
  description:
    "Trains four models on the embedded data set: EUAR with the preset aware, EUAR with the paper's " +
    "preset, and a linear model with and without the corrupted copies and input statistics of aware. " +
    "Compares their accuracy at rising noise levels and their predicted uncertainty with the true " +
    "corruption. Shows the most uncertain input of each model and the reasons. Then corrupts the words, " +
    "the sound or the picture of a real clip more and more. Shows which problems the quality measures " +
    "find, and the prediction, uncertainties and doubts of a small model. Prints the tables and writes " +
    "OUT/report.html.",
  schema,
  examples: [
    "euar demo",
    "euar demo --seed 2 --out demo-2",
    "euar demo --data synthetic:train=200,valid=50,test=100 --epochs 5",
  ],
  run: async (options, context) => {
    const { data, out, seed, epochs } = options;
    const dataset = await loadDataset(data);
    const twin = undamagedTwin(data);
    const { signal, release } = context.interruptible("Stopping after this step.");
    const progress = await context.progress("demo", DEMO_MODELS);
    let results: DemoResults;
    try {
      results = await runDemo(
        {
          dataset,
          whole: twin === undefined ? undefined : await loadDataset(twin),
          seed,
          epochs,
          backend: backendChoice(options),
          folderOf: (name) => join(out, name),
          noise: [...options.noise].sort((a, b) => a - b),
          environment: nodeMedia,
          version: packageVersion(),
        },
        {
          signal,
          onModel: (label, done) => followTraining(context, progress, done, 1, false, label),
        },
      );
    } catch (error) {
      if (error instanceof TrainError && error.code === "train.interrupted") {
        throw new TrainError("train.interrupted", "the demo was interrupted", {
          hint: "Run it again. It starts from the beginning.",
          cause: error,
        });
      }
      throw error;
    } finally {
      progress.stop();
      release();
    }
    const report = join(out, "report.html");
    await writeWhole(report, demoReport(results));
    await writeWhole(join(out, "noise.svg"), noisePicture(results));
    await writeWhole(join(out, "results.json"), toJsonLine(results));
    context.result({ ...results, report }, demoText(results, report, context.style));
  },
});

function demoText(results: DemoResults, report: string, style: Style): string {
  const { summary, noise, follow } = demoTables(results);
  const tables = [summary, noise, follow].map((table) => textTable(table, style.bold));
  return [
    ...tables,
    ...results.doubted.map((clip) => doubtRemarks(clip).join("\n")),
    demoRemarks(results).join("\n"),
    ...clipText(results.clip, style),
    `${formatDuration(results.seconds)}; the report is ${report}`,
  ].join("\n\n");
}

function clipText(clip: ClipResults, style: Style): string[] {
  const model = clipModelRemarks(clip).join("\n");
  if (clip.series.length === 0) return [clipRemarks(clip).join("\n"), model];
  return [
    clipRemarks(clip).join("\n"),
    textTable(clipTable(clip), style.bold),
    model,
    ...("reason" in clip.model ? [] : [textTable(clipViewTable(clip), style.bold)]),
  ];
}
