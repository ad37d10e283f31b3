import { mkdtemp, rm } from "node:fs/promises";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeFolder } from "../runs/run-folder.js";
import { causeText } from "../core/cause-text.js";
import { EuarError, ServerError } from "../core/errors.js";
import { createApp } from "./app.js";
import { closeServer, createHttpServer } from "./http/connections.js";
import { ExperimentFolders } from "./experiments/experiment-folders.js";
import { AuditLog } from "./keys/audit-log.js";
import { Keys } from "./keys/keys.js";
import { openInThread } from "./datasets/dataset-reader.js";
import { OpenDatasets } from "./datasets/open-datasets.js";
import { Jobs } from "./jobs/jobs.js";
import { removeOrphans } from "./jobs/remove-orphans.js";
import type { BatchOptions } from "./models/batcher.js";
import { LoadedModels } from "./models/loaded-models.js";
import type { MediaLimits } from "./models/media-queue.js";
import type { ScorerOptions } from "./models/local-scorer.js";
import type { Scorer } from "./models/scorer.js";
import { openThreadScorer } from "./models/thread-scorer.js";
import { compareInThread } from "./runs/compare-in-thread.js";
import { stressInThread, StressTests } from "./runs/stress-tests.js";
import { RunFolders } from "./runs/run-folders.js";
import { Trainings } from "./runs/trainings.js";
import type { RequestLimits } from "./services.js";
import { Store } from "./store/store.js";
import { surveyInThread, Surveys } from "./survey/surveys.js";
import { StudioFiles } from "./studio/studio-files.js";

/** Options of a server. */
export interface ServerOptions extends BatchOptions, MediaLimits {
  /** Address to listen on. If other machines can reach it, the store must have a key. */
  readonly host: string;
  /** Port to listen on. 0: any free port. */
  readonly port: number;
  /** Run folders or weight files by the names of their models. The first one is the default. */
  readonly models: ReadonlyMap<string, string>;
  /** Folder of the built web pages. Undefined: no pages. */
  readonly studio: string | undefined;
  /** Options for loading models. */
  readonly scorer: ScorerOptions;
  readonly level: number;
  readonly limits: RequestLimits;
  /** Folder of runs. Trainings write into it, and its runs can be loaded. */
  readonly runs: string;
  /** Folder of the results of experiments. */
  readonly experiments: string;
  /** Paths of data sets by name. */
  readonly datasets: ReadonlyMap<string, string>;
  /** Folder of the store. Undefined: nothing is stored. */
  readonly store: string | undefined;
  /** Number of days to keep predictions and finished jobs. Undefined: no limit. */
  readonly keepDays: number | undefined;
  /** Largest size of the store in bytes. Undefined: no limit. */
  readonly keepBytes: number | undefined;
  /** Longest clip or sound of a job, in seconds. */
  readonly jobDuration: number;
  /** Maximum duration of a job in seconds. */
  readonly jobSeconds: number;
  /** True if requests need keys on any address, as behind a proxy. */
  readonly requiresKeys: boolean;
  /** Receives the lines of the server's log. */
  readonly log: (line: string) => void;
}

/** Running server. */
export interface RunningServer {
  /** Address for a browser, for example http://127.0.0.1:8765. */
  readonly url: string;
  /** Refuses new requests, finishes those in progress, and ends. */
  readonly close: () => Promise<void>;
}

/** Addresses that only programs on this machine can reach. */
const LOOPBACK = ["127.0.0.1", "::1", "localhost"];
/** Possible names in the Host header of a request to this machine. */
const LOCAL_HOSTS: ReadonlySet<string> = new Set(["127.0.0.1", "[::1]", "localhost"]);

/**
 * Loads the models and starts to listen.
 * @throws CheckpointError for a model that cannot be loaded
 * @throws ServerError "server.address" if it cannot listen on the address, or if it needs keys and the store
 * has none
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const requiresKeys = options.requiresKeys || !LOOPBACK.includes(options.host);
  const models = new LoadedModels(options);
  const store = options.store === undefined ? Store.openHere(":memory:") : await Store.open(options.store);
  const keys = await Keys.load(store);
  if (requiresKeys && keys.list().length === 0) {
    await store.close();
    throw withoutKeys(options);
  }
  const audit = new AuditLog(store, options.log);
  const { jobDuration, jobSeconds, log } = options;
  const jobs = new Jobs({ store, models, jobDuration, jobSeconds, log });
  const uploads =
    options.store === undefined
      ? await mkdtemp(join(tmpdir(), "euar-serve-"))
      : join(options.store, "uploads");
  makeFolder(uploads);
  const { datasets } = options;
  const folders = new RunFolders(options.runs);
  const openDatasets = new OpenDatasets(openInThread);
  const trainings = new Trainings({ store, folders, datasets, log });
  const experiments = new ExperimentFolders({ folder: options.experiments, datasets });
  const openScorer = (place: string): Promise<Scorer> => openThreadScorer(place, options.scorer);
  const prune = keepStoreSmall(store, options);
  let draining = false;
  const end = async (): Promise<void> => {
    clearInterval(prune);
    await Promise.all([jobs.stop(), trainings.close(), experiments.close(), openDatasets.close()]);
    await models.close();
    await audit.flush();
    await store.close();
    if (options.store === undefined) await rm(uploads, { recursive: true, force: true });
  };
  try {
    for (const [name, place] of options.models) await models.add(name, await openScorer(place));
    await removeOrphans(uploads, store);
    await jobs.resume();
    await trainings.resume();
    const app = createApp(
      {
        models,
        store,
        jobs,
        keys,
        audit,
        folders,
        trainings,
        experiments,
        compareRuns: compareInThread,
        stressTests: new StressTests(stressInThread),
        surveys: new Surveys(surveyInThread),
        datasets,
        openDatasets,
        openScorer,
        limits: options.limits,
        uploads,
        studio: new StudioFiles(options.studio),
        level: options.level,
        isDraining: () => draining,
        log: options.log,
      },
      { hosts: requiresKeys ? undefined : LOCAL_HOSTS, requiresKeys },
    );
    const server = createHttpServer((request, node) => app.fetch(request, node));
    const { port } = await listen(server, options);
    const host = options.host.includes(":") ? `[${options.host}]` : options.host;
    return {
      url: `http://${host}:${port}`,
      close: async () => {
        draining = true;
        await closeServer(server, end);
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}

function withoutKeys({ host, store }: Pick<ServerOptions, "host" | "store">): ServerError {
  if (store === undefined)
    return new ServerError("server.address", "keys are in a store, but this server has no store", {
      hint: "Give --store, and make a key with `euar keys add`.",
    });
  const why = LOOPBACK.includes(host) ? "--keys was given" : `other machines can reach the address ${host}`;
  return new ServerError("server.address", `${why}, and the store ${store} has no keys`, {
    hint: `Make one: euar keys add NAME --scopes predict --store ${store}. Or use --host 127.0.0.1.`,
  });
}

const HOUR = 3_600_000;

/** Deletes expired data now and every hour. */
function keepStoreSmall(
  store: Store,
  { keepDays, keepBytes, log }: Pick<ServerOptions, "keepDays" | "keepBytes" | "log">,
): NodeJS.Timeout {
  const prune = (): void => {
    const before = keepDays === undefined ? null : new Date(Date.now() - keepDays * 24 * HOUR).toISOString();
    store.ask("prune", { before, bytes: keepBytes ?? null }).catch((error: unknown) => {
      log(`store: ${causeText(error)}`);
    });
  };
  prune();
  return setInterval(prune, HOUR).unref();
}

async function listen(
  server: Server,
  { host, port }: Pick<ServerOptions, "host" | "port">,
): Promise<AddressInfo> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, resolve);
    });
  } catch (cause) {
    throw new ServerError(
      "server.address",
      `the server cannot listen on ${host}:${port}: ${causeText(cause)}`,
      {
        hint: "Choose another --port; 0 uses any free one.",
        cause,
      },
    );
  }
  const address = server.address();
  if (address === null || typeof address === "string")
    throw new EuarError("internal", "the server has no port");
  return address;
}
