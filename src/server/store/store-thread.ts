import { parentPort, workerData } from "node:worker_threads";
import { plainError, type ThreadReply } from "../../features/worker-thread.js";
import { openDatabase } from "./database.js";
import { runCalls, type StoreCall, type StoreReply } from "./local-store.js";
import { migrate } from "./migrations.js";

/** Worker thread with the database, so that the event loop never waits for the disk. See `store.ts`. */
const reply = (message: ThreadReply<null, readonly StoreReply[]>): void => {
  parentPort?.postMessage(message);
};
const path = workerData as string;
try {
  const database = openDatabase(path);
  migrate(database, path);
  parentPort?.on("message", (calls: readonly StoreCall[] | "close") => {
    if (calls === "close") {
      database.close();
      reply({ kind: "result", result: [] });
    } else reply({ kind: "result", result: runCalls(database, calls) });
  });
  reply({ kind: "ready", ready: null });
} catch (error) {
  reply({ kind: "error", error: plainError(error) });
}
