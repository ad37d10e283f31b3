import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, it } from "vitest";
import { defined } from "../../core/defined.js";
import { Store } from "../store/store.js";
import type { CommandOutcome, RunningCommand } from "./run-command.js";
import { RunFolders } from "./run-folders.js";
import { Trainings } from "./trainings.js";

const root = mkdtempSync(join(tmpdir(), "euar-trainings-"));
afterAll(() => {
  rmSync(root, { recursive: true });
});

interface Started {
  readonly name: string;
  /** "--overwrite" or "--resume". */
  readonly how: string;
  readonly end: (outcome: CommandOutcome) => void;
}

const interrupted = {
  kind: "error",
  error: { code: "train.interrupted", message: "stopped" },
} as const satisfies CommandOutcome;
const finished = { kind: "result", result: {} } as const satisfies CommandOutcome;

let folder: string;
let store: Store;
/** Commands in the order of their start, over all servers of a test. */
let started: Started[];
let trainings: Trainings;

beforeEach(() => {
  folder = mkdtempSync(join(root, "runs-"));
  store = Store.openHere(join(folder, "euar.db"));
  started = [];
  trainings = server();
});

/** Returns the trainings of a server with the store. A command that is interrupted stores a checkpoint. */
function server(folders = new RunFolders(folder)): Trainings {
  const start = (args: readonly string[]): RunningCommand => {
    const name = /\.(\w+)\.json$/.exec(defined(args[2]))?.[1] ?? "";
    let end: Started["end"] = () => undefined;
    const outcome = new Promise<CommandOutcome>((resolve) => (end = resolve));
    started.push({ name, how: args.at(-1) ?? "", end });
    const interrupt = (): void => {
      mkdirSync(join(folder, name), { recursive: true });
      writeFileSync(join(folder, name, "checkpoint.safetensors"), "");
      end(interrupted);
    };
    return { interrupt, outcome };
  };
  const datasets = new Map([["toy", "toy.pkl"]]);
  return new Trainings({ store, folders, datasets, log: () => undefined, start });
}

const submit = (name: string) => trainings.submit({ name, data: "toy", options: {} });
const starts = () => started.map(({ name, how }) => `${name} ${how}`);
const states = async (...names: string[]) =>
  Promise.all(names.map(async (name) => (await store.ask("getRun", name))?.state));
/** Ends the latest command, and waits until the next one has started. */
async function endLatest(): Promise<void> {
  const before = started.length;
  defined(started.at(-1)).end(finished);
  await expect.poll(() => started.length).toBe(before + 1);
}

it("starts runs one after another, in the order of their requests", async () => {
  for (const name of ["c", "a", "b"]) await submit(name); // within a millisecond
  await expect.poll(starts).toEqual(["c --overwrite"]);
  expect(await states("a", "b", "c")).toEqual(["queued", "queued", "running"]);
  await endLatest();
  await endLatest();
  expect(starts()).toEqual(["c --overwrite", "a --overwrite", "b --overwrite"]);
  expect(await states("a", "b", "c")).toEqual(["done", "running", "done"]);
});

it("leaves out a queued run that was stopped, until it is resumed", async () => {
  for (const name of ["a", "b", "c"]) await submit(name);
  expect(await trainings.stop("b")).toMatchObject({ state: "stopped" });
  await expect.poll(starts).toEqual(["a --overwrite"]);
  await endLatest();
  expect(starts()).toEqual(["a --overwrite", "c --overwrite"]);
  expect(await trainings.restart("b")).toMatchObject({ state: "queued", finished: null });
  await expect(trainings.restart("b")).rejects.toMatchObject({ code: "config.conflict" });
  await endLatest();
  expect(starts()).toEqual(["a --overwrite", "c --overwrite", "b --overwrite"]);
});

it("stops the running one with a checkpoint, starts the next, and resumes", async () => {
  for (const name of ["a", "b"]) await submit(name);
  await expect.poll(starts).toEqual(["a --overwrite"]);
  await trainings.stop("a");
  await expect.poll(starts).toEqual(["a --overwrite", "b --overwrite"]);
  expect(await states("a", "b")).toEqual(["stopped", "running"]);
  await trainings.restart("a");
  await endLatest();
  expect(starts().at(-1)).toBe("a --resume");
});

it("continues with the next server: first the interrupted run, then those that were queued", async () => {
  for (const name of ["a", "b", "c"]) await submit(name);
  await expect.poll(starts).toEqual(["a --overwrite"]);
  await trainings.stop("c");
  await trainings.close();
  expect(await states("a", "b", "c")).toEqual(["running", "queued", "stopped"]);
  trainings = server();
  await trainings.resume();
  await expect.poll(starts).toEqual(["a --overwrite", "a --resume"]);
  await endLatest();
  expect(starts().at(-1)).toBe("b --overwrite");
  defined(started.at(-1)).end(finished);
  await expect.poll(() => states("a", "b", "c")).toEqual(["done", "done", "stopped"]);
});

it("starts a run again from its beginning if the killed server left no checkpoint", async () => {
  await submit("a");
  await expect.poll(starts).toEqual(["a --overwrite"]);
  trainings = server(); // the first one was killed: it stored nothing
  await trainings.resume();
  await expect.poll(starts).toEqual(["a --overwrite", "a --overwrite"]);
});

it("starts a run that is queued while the queue is found empty", async () => {
  const ask = store.ask.bind(store);
  let late: Promise<unknown> | undefined;
  Object.assign(store, {
    ask: (...call: Parameters<typeof ask>) => {
      const reply = ask(...call);
      if (call[0] === "takeRun" && started.length === 1) late ??= submit("b");
      return reply;
    },
  });
  await submit("a");
  await expect.poll(starts).toEqual(["a --overwrite"]);
  await endLatest();
  await late;
  expect(starts()).toEqual(["a --overwrite", "b --overwrite"]);
});

it("stops a run that was taken from the queue, but has not started", async () => {
  const ask = store.ask.bind(store);
  let stop: Promise<unknown> | undefined;
  Object.assign(store, {
    ask: (...call: Parameters<typeof ask>) => {
      const reply = ask(...call);
      if (call[0] === "takeRun") stop ??= trainings.stop("a");
      return reply;
    },
  });
  await submit("a");
  await expect.poll(() => states("a")).toEqual(["stopped"]);
  await stop;
  await trainings.restart("a");
  await expect.poll(() => states("a")).toEqual(["running"]);
});

it("starts no run that was stopped while it waited, and the row says so", async () => {
  for (const name of ["b", "a"]) await submit(name);
  await expect.poll(starts).toEqual(["b --overwrite"]);
  const ask = store.ask.bind(store);
  let isFirst = true;
  Object.assign(store, {
    // the next run is taken between the first reply to the stop and what follows it
    ask: async (...call: Parameters<typeof ask>) => {
      const isStop = isFirst;
      isFirst = false;
      const reply = await ask(...call);
      if (!isStop) return reply;
      defined(started.at(-1)).end(finished);
      await expect.poll(async () => (await ask("getRun", "b"))?.state).toBe("done");
      await ask("getRun", "a"); // after the question for the next run
      return reply;
    },
  });
  expect(await trainings.stop("a")).toMatchObject({ state: "stopped" });
  await trainings.close();
  expect(starts()).toEqual(["b --overwrite"]);
  expect(await states("a")).toEqual(["stopped"]);
});

it("starts no process for a run that was taken while the server closes; the next server does", async () => {
  const ask = store.ask.bind(store);
  let closed: Promise<unknown> | undefined;
  Object.assign(store, {
    ask: (...call: Parameters<typeof ask>) => {
      const reply = ask(...call);
      if (call[0] === "takeRun") closed ??= Promise.resolve().then(() => trainings.close());
      return reply;
    },
  });
  await submit("a");
  await expect.poll(() => closed !== undefined).toBe(true);
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 200))]);
  expect(starts()).toEqual([]);
  trainings = server();
  await trainings.resume();
  await expect.poll(starts).toEqual(["a --overwrite"]);
});

it("fails a run whose process cannot be started, and goes on with the next", async () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  let isFull = true;
  const folders = new RunFolders(folder);
  Object.defineProperty(folders, "folder", { get: () => (isFull ? join(file, "runs") : folder) });
  trainings = server(folders);
  for (const name of ["a", "b"]) await submit(name);
  await expect.poll(() => states("a", "b")).toEqual(["failed", "failed"]);
  expect(JSON.parse((await store.ask("getRun", "a"))?.error ?? "")).toHaveProperty("message");
  isFull = false;
  await trainings.restart("a");
  await expect.poll(starts).toEqual(["a --overwrite"]);
});
