import { basename, join, resolve } from "node:path";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { ConfigError } from "../../core/errors.js";
import { DEFAULT_LEVEL } from "../../predict/calibration.js";
import { backendChoice, backendFields } from "../backend-fields.js";
import { defineCommand } from "../command.js";

const schema = z.strictObject({
  model: z
    .array(z.string().min(1))
    .default([])
    .meta({ repeated: true })
    .describe(
      "run folder or weights.safetensors file to load, as RUN or NAME=RUN; repeat it for more models; " +
        "the first one is the default. Without this flag, the run of `euar demo` in ./euar-demo is loaded",
    ),
  host: z
    .string()
    .min(1)
    .default("127.0.0.1")
    .describe(
      "address to listen on; an address that other machines can reach requires keys (`euar keys add`)",
    ),
  keys: z
    .boolean()
    .default(false)
    .describe("require a key for each request even on 127.0.0.1; use it behind a proxy"),
  port: z.int().min(0).max(65535).default(8765).describe("port to listen on; 0 uses any free one"),
  batchWindow: z
    .number()
    .min(0)
    .max(1000)
    .default(2)
    .describe("milliseconds to wait for more requests before a batch is computed"),
  batchSize: z.int().min(1).max(4096).default(64).describe("largest number of samples per batch"),
  queueSize: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(2048)
    .describe("largest number of requests that wait for a model; further ones get status 429"),
  maxJson: z.number().gt(0).max(1024).default(16).describe("largest body with features, in MiB"),
  maxSamples: z.int().min(1).default(1024).describe("largest number of samples in one body"),
  maxUpload: z.number().gt(0).max(65536).default(256).describe("largest upload of media, in MiB"),
  maxDuration: z.number().gt(0).default(600).describe("longest clip or sound of a request, in seconds"),
  maxSeconds: z
    .number()
    .gt(0)
    .max(86400)
    .default(120)
    .describe("longest time to score one sample of media, in seconds; a slower request gets status 504"),
  mediaQueue: z
    .int()
    .min(1)
    .max(100_000)
    .default(16)
    .describe("largest number of samples of media that wait for a model; further ones get status 429"),
  level: z
    .number()
    .gt(0)
    .lt(1)
    .default(DEFAULT_LEVEL)
    .describe("nominal coverage of intervals and sets of classes, for requests that give none"),
  maxJobDuration: z.number().gt(0).default(14_400).describe("longest clip or sound of a job, in seconds"),
  maxJobSeconds: z.number().gt(0).default(7200).describe("longest time of a job, in seconds"),
  store: z
    .string()
    .min(1)
    .nullable()
    .default("euar-store")
    .describe("folder for predictions, corrections, jobs and keys; --no-store stores nothing"),
  runs: z
    .string()
    .min(1)
    .default("runs")
    .describe(
      "folder for runs: new trainings are written there, and finished runs in it can be loaded as models",
    ),
  experiments: z
    .string()
    .min(1)
    .default("results")
    .describe("folder with the results of `euar reproduce`, one folder per experiment"),
  data: z
    .array(z.string().min(1))
    .default(["synthetic"])
    .meta({ repeated: true })
    .describe("data set that can be trained on, as PATH or NAME=PATH; repeat the flag for more data sets"),
  keepDays: z
    .number()
    .gt(0)
    .optional()
    .describe("number of days to keep predictions, finished jobs and the audit log (default: no limit)"),
  keepMib: z
    .number()
    .gt(0)
    .optional()
    .describe(
      "largest size of the store, in MiB; the oldest predictions are deleted first (default: no limit)",
    ),
  studio: z
    .string()
    .min(1)
    .optional()
    .describe("folder of web pages to serve (default: those of the package)"),
  ...backendFields,
});

export const serveCommand = defineCommand({
  name: "serve",
  description:
    "Serves trained models over HTTP on this machine: predictions with intervals and doubts, an " +
    "OpenAPI document at /openapi.json, and web pages at /. Nothing is sent to another machine. Ctrl-C " +
    "ends the server after the requests in progress.",
  schema,
  examples: [
    "euar serve --model run",
    "euar serve --model mosi=runs/mosi --model posts=runs/mvsa --port 9000",
    "curl -s localhost:8765/v1/predictions -H 'Content-Type: application/json' -d @sample.json",
  ],
  run: async (options, context) => {
    const { startServer } = await import("../../server/start-server.js");
    const { signal, release } = context.interruptible("Ending after the requests in progress.");
    try {
      const server = await startServer({
        host: options.host,
        requiresKeys: options.keys,
        port: options.port,
        models: options.model.length === 0 ? demoRun() : namedPaths(options.model, "model"),
        batchWindow: options.batchWindow,
        batchSize: options.batchSize,
        queueSize: options.queueSize,
        scorer: {
          samplesPerBody: options.maxSamples,
          batchSize: options.batchSize,
          ...backendChoice(options),
        },
        mediaQueue: options.mediaQueue,
        maxSeconds: options.maxSeconds,
        limits: {
          jsonBytes: Math.round(options.maxJson * 2 ** 20),
          uploadBytes: Math.round(options.maxUpload * 2 ** 20),
          duration: options.maxDuration,
        },
        level: options.level,
        store: options.store ?? undefined,
        runs: options.runs,
        experiments: options.experiments,
        datasets: namedPaths(options.data, "data"),
        keepDays: options.keepDays,
        keepBytes: options.keepMib === undefined ? undefined : options.keepMib * 2 ** 20,
        jobDuration: options.maxJobDuration,
        jobSeconds: options.maxJobSeconds,
        studio: options.studio ?? packagedStudio(),
        log: (line) => {
          context.warn(line);
        },
      });
      await context.line(
        context.json ? `${JSON.stringify({ url: server.url })}\n` : `Serving at ${server.url}\n`,
      );
      await new Promise<void>((stop) => {
        if (signal.aborted) stop();
        signal.addEventListener("abort", () => {
          stop();
        });
      });
      await server.close();
    } finally {
      release();
    }
  },
});

/**
 * Parses NAME=PATH. The default name is the last part of the path.
 * @throws ConfigError "config.invalid" for a name that is given twice
 */
function namedPaths(given: readonly string[], flag: string): Map<string, string> {
  const paths = new Map<string, string>();
  for (const entry of given) {
    const [, name = basename(resolve(entry)), path = entry] = /^([\w.-]+)=(.+)$/.exec(entry) ?? [];
    if (paths.has(name))
      throw new ConfigError("config.invalid", `euar serve: --${flag} has the name "${name}" twice`, {
        hint: `Give names: --${flag} one=${entry}.`,
      });
    paths.set(name, path);
  }
  return paths;
}

/** Returns the run of `euar demo` in this folder, under the name "demo". Empty if there is none. */
function demoRun(): Map<string, string> {
  const run = join("euar-demo", "aware");
  return new Map(existsSync(join(run, "weights.safetensors")) ? [["demo", run]] : []);
}

/** Returns the folder of the package's web pages, if it has them. */
function packagedStudio(): string | undefined {
  const folder = fileURLToPath(new URL("../../studio", import.meta.url));
  return existsSync(folder) ? folder : undefined;
}
