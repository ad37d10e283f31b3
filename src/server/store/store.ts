import { rmSync } from "node:fs";
import { join } from "node:path";
import { EuarError } from "../../core/errors.js";
import { WorkerThread } from "../../features/worker-thread.js";
import { FolderLock } from "../../runs/folder-lock.js";
import { makeFolder } from "../../runs/run-folder.js";
import { Batcher } from "../models/batcher.js";
import { openDatabase } from "./database.js";
import { runCalls, type StoreCall, type StoreReply } from "./local-store.js";
import { migrate } from "./migrations.js";
import type { Operations } from "./operations.js";

/** Name of the database in the folder of a store. */
const FILE = "euar.db";
/** Largest number of operations in one transaction. */
const TOGETHER = 512;
/** Largest number of operations that wait for the disk. */
const WAITING = 100_000;

type Input<Name extends keyof Operations> = Parameters<Operations[Name]>[1];
type Result<Name extends keyof Operations> = ReturnType<Operations[Name]>;

/** Store of predictions, corrections and jobs: on disk, or in memory for a server with --no-store. */
export class Store {
  private readonly calls: Batcher<StoreCall, StoreReply>;

  private constructor(
    run: (calls: readonly StoreCall[]) => Promise<readonly StoreReply[]>,
    /** True if predictions stay stored after the response. */
    readonly keeps: boolean,
    private readonly end: () => Promise<void>,
  ) {
    this.calls = new Batcher(run, { batchWindow: 0, batchSize: TOGETHER, queueSize: WAITING });
  }

  /**
   * Opens the store of a folder, in its own thread. Runs all waiting operations in one transaction.
   * @throws ConfigError "config.conflict" if another server uses the folder
   * @throws CheckpointError "checkpoint.format" for a store of a later version
   */
  static async open(folder: string): Promise<Store> {
    makeFolder(folder);
    const lock = FolderLock.take(folder);
    try {
      // A killed server leaves the lock of SQLite in WebAssembly. The lock of the folder proves that no
      // server runs.
      rmSync(join(folder, `${FILE}.lock`), { recursive: true, force: true });
      const thread = await WorkerThread.start<null, readonly StoreCall[] | "close", readonly StoreReply[]>(
        new URL("./store-thread.js", import.meta.url),
        join(folder, FILE),
      );
      return new Store(
        (calls) => thread.ask(calls),
        true,
        async () => {
          await thread.ask("close");
          await thread.stop();
          lock.release();
        },
      );
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** Opens a store in this thread. ":memory:" for a store without a file. */
  static openHere(path: string): Store {
    const database = openDatabase(path);
    migrate(database, path);
    return new Store(
      (calls) => Promise.resolve(runCalls(database, calls)),
      path !== ":memory:",
      () => {
        database.close();
        return Promise.resolve();
      },
    );
  }

  /**
   * Runs an operation. Its data are on the disk when the promise resolves.
   * @throws ServerError "server.storage-full"
   */
  async ask<Name extends keyof Operations>(name: Name, input: Input<Name>): Promise<Result<Name>> {
    const reply = await this.calls.ask({ name, input });
    if (reply.kind === "value") return reply.value as Result<Name>;
    const { code, message, hint } = reply.error;
    throw new EuarError(code, message, hint === undefined ? {} : { hint });
  }

  /** Closes the database after the waiting operations. */
  async close(): Promise<void> {
    await this.calls.drained();
    await this.end();
  }
}
