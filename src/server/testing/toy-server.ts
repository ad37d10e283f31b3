import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OpenAPIHono } from "@hono/zod-openapi";
import { toyDataset } from "../../data/testing/toy-dataset.js";
import type { Predictor } from "../../predict/predictor.js";
import { train } from "../../train/train.js";
import { createApp } from "../app.js";
import { openHere } from "../datasets/dataset-reader.js";
import { OpenDatasets } from "../datasets/open-datasets.js";
import { ExperimentFolders } from "../experiments/experiment-folders.js";
import { Jobs } from "../jobs/jobs.js";
import { AuditLog } from "../keys/audit-log.js";
import { Keys } from "../keys/keys.js";
import { LoadedModels } from "../models/loaded-models.js";
import { localScorer, openLocalScorer } from "../models/local-scorer.js";
import type { Services } from "../services.js";
import { compareRuns } from "../runs/compare-runs.js";
import { stressTest } from "../runs/stress-test.js";
import { StressTests } from "../runs/stress-tests.js";
import { RunFolders } from "../runs/run-folders.js";
import { Trainings } from "../runs/trainings.js";
import { Store } from "../store/store.js";
import { surveySplit } from "../survey/survey-split.js";
import { Surveys } from "../survey/surveys.js";
import { StudioFiles } from "../studio/studio-files.js";

/** Trains a small model of regression on the toy data: text of 6 features, audio of 4. */
export async function toyModel(): Promise<Predictor> {
  const config = { hidden: 8, experts: { count: 4 }, head: [8] };
  const run = await train({ model: { name: "euar", config }, train: { epochs: 2 } }, toyDataset());
  return run.model;
}

/** Features of row `i` of the toy model's test split. */
export function toyFeatures(i: number): Record<string, number[]> {
  const { modalities } = toyDataset().splits.test;
  return Object.fromEntries(
    Object.entries(modalities).map(([name, { values, width }]) => [
      name,
      Array.from(values.subarray(i * width, (i + 1) * width)),
    ]),
  );
}

/** Limits of a small server. */
export const toyLimits = { batchWindow: 1, batchSize: 8, queueSize: 32, mediaQueue: 2, maxSeconds: 20 };

export interface ToyServer {
  readonly app: OpenAPIHono;
  readonly services: Services;
  readonly logged: string[];
}

/** Returns the routes of a server with the model "toy", which computes in this thread. */
export async function toyServer(model: Predictor, changes: Partial<Services> = {}): Promise<ToyServer> {
  const models = new LoadedModels(toyLimits);
  await models.add("toy", localScorer(model, { samplesPerBody: 4, batchSize: 8 }));
  const logged: string[] = [];
  const log = (line: string): void => {
    logged.push(line);
  };
  const store = changes.store ?? Store.openHere(":memory:");
  const folders = changes.folders ?? new RunFolders(join(tmpdir(), "euar-no-runs"));
  const datasets = changes.datasets ?? new Map([["synthetic", "synthetic"]]);
  const services: Services = {
    keys: await Keys.load(store),
    audit: new AuditLog(store, log),
    folders,
    datasets,
    openDatasets: new OpenDatasets(openHere),
    trainings: new Trainings({ store, folders, datasets, log }),
    experiments: new ExperimentFolders({ folder: join(tmpdir(), "euar-no-experiments"), datasets }),
    compareRuns: (request) =>
      new Promise((resolve) => {
        resolve(compareRuns(request));
      }),
    stressTests: new StressTests(stressTest),
    surveys: new Surveys(surveySplit),
    openScorer: (place) => openLocalScorer(place, { backend: "auto", samplesPerBody: 4, batchSize: 8 }),
    models,
    store,
    jobs: new Jobs({ store, models: changes.models ?? models, jobDuration: 60, jobSeconds: 60, log }),
    limits: { jsonBytes: 10_000, uploadBytes: 50_000, duration: 10 },
    uploads: tmpdir(),
    studio: new StudioFiles(undefined),
    level: 0.9,
    isDraining: () => false,
    log,
    ...changes,
  };
  return { app: createApp(services, { hosts: new Set(["localhost"]) }), services, logged };
}

/** Sends JSON to a route without a socket. */
export async function post(
  app: OpenAPIHono,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly body: Record<string, unknown>; readonly headers: Headers }> {
  const response = await app.request(path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}
