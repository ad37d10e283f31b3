import { join } from "node:path";
import { z } from "zod";
import { TrainError } from "../../core/errors.js";
import { parseCorruption } from "../../data/corrupt/parse-corruption.js";
import { loadDataset } from "../../data/formats/load-dataset.js";
import { writeWhole } from "../../data/formats/write-whole.js";
import { demoReport } from "../../report/demo-report.js";
import type { DemoResults } from "../../report/demo-results.js";
import { demoRemarks, demoTables } from "../../report/demo-tables.js";
import { textTable } from "../../report/text-table.js";
import { backendChoice, backendFields } from "../backend-fields.js";
import { defineCommand } from "../command.js";
import { toJsonLine } from "../context.js";
import { runDemo } from "../demo-job.js";
import type { Style } from "../io.js";
import { formatDuration } from "../progress.js";
import { followTraining } from "../train-progress.js";
import { packageVersion } from "../version.js";

const schema = z.strictObject({
  data: z
    .string()
    .default("synthetic")
    .describe(
      "embedded data set to use, with its options, e.g. `synthetic:seed=3` or `synthetic:train=200,valid=50,test=100`",
    ),
  out: z
    .string()
    .default("euar-demo")
    .describe("folder for the report and the run folders; what an earlier demo left there is replaced"),
  seed: z.int().min(0).default(1).describe("seed of training"),
  epochs: z.int().min(1).max(10_000).default(30).describe("most epochs per model"),
  noise: z
    .array(z.string())
    .min(1)
    .default(["gaussian:0.5", "gaussian:1"])
    .describe("noise on every modality of the test split, each evaluated in turn"),
  ...backendFields,
});

export const demoCommand = defineCommand({
  name: "demo",
  description:
    "Trains EUAR on the embedded data set beside a linear model and the best single modality (one EUAR per modality, chosen on validation), evaluates every subset of modalities " +
    "and some noise levels, prints the tables, and writes OUT/report.html: training curves, the tables, and predicted uncertainty against true corruption.",
  schema,
  examples: [
    "euar demo",
    "euar demo --seed 2 --out demo-2",
    "euar demo --data synthetic:train=200,valid=50,test=100 --epochs 5",
  ],
  run: async (options, context) => {
    const { data, out, seed, epochs } = options;
    const dataset = await loadDataset(data);
    const { signal, release } = context.interruptible("Stopping after this step.");
    const progress = await context.progress("demo", dataset.modalities.length + 2);
    let results: DemoResults;
    try {
      results = await runDemo(
        {
          dataset,
          seed,
          epochs,
          backend: backendChoice(options),
          folderOf: (name) => join(out, name),
          noise: options.noise.map((label) => ({ label, corruption: parseCorruption(label) })),
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
          hint: "Run it again: it starts anew.",
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
    await writeWhole(join(out, "results.json"), toJsonLine(results));
    context.result({ ...results, report }, demoText(results, report, context.style));
  },
});

function demoText(results: DemoResults, report: string, style: Style): string {
  const { models, subsets, noise, uncertainty } = demoTables(results);
  const tables = [models, subsets, noise, uncertainty].map((table) => textTable(table, style.bold));
  return [
    ...tables,
    demoRemarks(results).join("\n"),
    `${formatDuration(results.seconds)}; the report is ${report}`,
  ].join("\n\n");
}
