import { availableParallelism, cpus } from "node:os";
import { z } from "zod";
import { EuarError } from "../../core/errors.js";
import { quantileOf } from "../../metrics/summary-statistics.js";
import { fixed } from "../../report/numbers.js";
import { textTable } from "../../report/text-table.js";
import { type BenchCase, BenchModel, largestDifference } from "../bench-model.js";
import { backendChoice, backendFields } from "../backend-fields.js";
import { defineCommand } from "../command.js";
import type { CommandContext } from "../context.js";

const schema = z.strictObject({
  what: z
    .enum(["train", "predict"])
    .default("train")
    .describe(
      "train: time one optimiser step; predict: time the prediction of one sample from features (batch " +
        "size 1)",
    ),
  experts: z.int().min(1).max(1024).default(8).describe("number of experts per modality"),
  topK: z.int().min(1).max(1024).default(3).describe("number of experts selected per sample"),
  hidden: z.int().min(1).max(4096).default(72).describe("hidden width of the experts"),
  batchSize: z.int().min(1).max(65_536).default(16).describe("samples per step (train only)"),
  widths: z
    .array(z.int().min(1).max(1_000_000))
    .min(1)
    .max(16)
    .default([768, 74, 47])
    .describe("feature width of each modality"),
  runs: z
    .int()
    .min(10)
    .max(1_000_000)
    .default(500)
    .describe("number of timed runs; a tenth as many warm-up runs come first"),
  seed: z.int().min(0).default(1).describe("seed of weights and features"),
  ...backendFields,
});

type Options = z.infer<typeof schema>;

/** Number of training steps whose losses are compared before timing. */
const CHECKED_STEPS = 3;
/** Largest allowed relative difference between float32 kernels and the float64 reference. */
const TOLERANCE = 1e-3;

export const benchCommand = defineCommand({
  name: "bench",
  description:
    "Times one training step or one prediction on this machine. Compares the backend with the " +
    "reference backend first, and times nothing if their results differ.",
  schema,
  positional: { key: "what", label: "what" },
  examples: [
    "euar bench train --json",
    "euar bench train --experts 32 --batch-size 256",
    "euar bench predict",
  ],
  run: async (options, context) => {
    const bench = benchCase(options);
    const model = await createBenchModel(options, bench);
    const { engine } = model.model.parameters.backend;
    const difference = await check(options, bench);
    context.log(
      `${engine}: results agree with the reference backend (largest relative difference ` +
        `${difference.toExponential(1)})`,
    );
    const times = await measure(options, model, context);
    const result = {
      what: options.what,
      engine,
      config: { ...bench },
      check: { difference, tolerance: TOLERANCE },
      ...summary(times),
      machine: machine(),
    };
    context.result(result, text(options, result));
  },
});

function benchCase(options: Options): BenchCase {
  const { experts, topK, hidden, widths, seed } = options;
  return {
    widths,
    batchSize: options.what === "train" ? options.batchSize : 1,
    config: { hidden, experts: { count: experts, topK } },
    seed,
  };
}

function createBenchModel(options: Options, bench: BenchCase): Promise<BenchModel> {
  const { backend, ...rest } = backendChoice(options);
  return BenchModel.create(bench, backend, rest);
}

/**
 * Compares the losses of a few steps, or the predictions, of the two backends.
 * @returns the largest relative difference
 * @throws EuarError "internal" if it exceeds the tolerance
 */
async function check(options: Options, bench: BenchCase): Promise<number> {
  const results = (model: BenchModel): number[] =>
    options.what === "predict"
      ? model.predict()
      : Array.from({ length: CHECKED_STEPS }, () => model.trainStep());
  const fast = results(await createBenchModel(options, bench));
  const difference = largestDifference(fast, results(await BenchModel.create(bench, "reference")));
  if (difference > TOLERANCE) {
    throw new EuarError(
      "internal",
      `euar bench: the ${options.backend} backend differs from the reference backend by ${difference} ` +
        `(relative), more than ${TOLERANCE}; nothing was timed`,
      {
        hint: "Please report this with the output of node --version and the machine's processor.",
      },
    );
  }
  return difference;
}

/** Returns the time of each run, in milliseconds. */
async function measure(
  { what, runs }: Options,
  model: BenchModel,
  context: CommandContext,
): Promise<number[]> {
  const run = what === "predict" ? () => model.predict() : () => model.trainStep();
  for (let i = 0; i < runs / 10; i++) run();
  const progress = await context.progress("bench", runs);
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    run();
    times.push(performance.now() - start);
    if (i % 64 === 0) progress.update(i);
  }
  progress.stop();
  return times;
}

interface Summary {
  /** Statistics of the times, in milliseconds. */
  readonly milliseconds: {
    readonly median: number;
    readonly p10: number;
    readonly p90: number;
    readonly p99: number;
    readonly least: number;
    readonly mean: number;
  };
  readonly runs: number;
}

function summary(times: readonly number[]): Summary {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (q: number): number => quantileOf(sorted, q);
  return {
    milliseconds: {
      median: at(0.5),
      p10: at(0.1),
      p90: at(0.9),
      p99: at(0.99),
      least: at(0),
      mean: times.reduce((sum, time) => sum + time, 0) / times.length,
    },
    runs: times.length,
  };
}

function machine(): Record<string, unknown> {
  return {
    node: process.version,
    processor: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    platform: `${process.platform} ${process.arch}`,
  };
}

function text(
  { what, experts, topK, hidden, batchSize, widths }: Options,
  { milliseconds, runs }: Summary,
): string {
  const size = `widths ${widths.join("/")} -> ${hidden}, N = ${experts}, k = ${topK}`;
  const caption =
    what === "train"
      ? `One training step, batch ${batchSize}, ${size}; milliseconds over ${runs} runs`
      : `One prediction from features, ${size}; milliseconds over ${runs} runs`;
  const cells = [
    milliseconds.median,
    milliseconds.p10,
    milliseconds.p90,
    milliseconds.p99,
    milliseconds.least,
    milliseconds.mean,
  ];
  return textTable({
    caption,
    columns: ["median", "p10", "p90", "p99", "least", "mean"].map((heading) => ({ heading, numeric: true })),
    rows: [cells.map((cell) => fixed(cell))],
  });
}
