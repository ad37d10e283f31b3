import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { DataError } from "../../core/errors.js";
import type { DatasetReader } from "./dataset-reader.js";
import { FAILURE_KEPT, OpenDatasets } from "./open-datasets.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "euar-open-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  vi.useRealTimers();
});

/** Data sets whose readers answer after some milliseconds, and fail if they are closed before. */
function slowDatasets(log: string[]): OpenDatasets {
  return new OpenDatasets((path) => {
    log.push(`open ${path}`);
    let fail: (error: Error) => void = () => undefined;
    const reader = {
      ask: () =>
        new Promise((resolve, reject) => {
          fail = reject;
          setTimeout(() => {
            resolve(path);
          }, 20);
        }),
      close: () => {
        log.push(`close ${path}`);
        fail(new Error("the thread ended"));
        return Promise.resolve();
      },
    };
    return Promise.resolve(reader as unknown as DatasetReader);
  });
}

it("answers requests for several data sets at once: none ends another", async () => {
  const log: string[] = [];
  const datasets = slowDatasets(log);
  const asked = ["a", "b", "a", "a"].map((path) => datasets.ask(path, { kind: "task" }));
  expect(await Promise.all(asked)).toEqual(["a", "b", "a", "a"]);
  await datasets.close();
  expect(log).toEqual(["open a", "close a", "open b", "close b", "open a", "close a"]);
});

it("closes at once, and the request that reads the data set fails", async () => {
  const log: string[] = [];
  const datasets = slowDatasets(log);
  const asked = datasets.ask("a", { kind: "task" });
  while (log.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  await Promise.all([datasets.close(), expect(asked).rejects.toThrow("the thread ended")]);
  expect(log).toEqual(["open a", "close a"]);
});

it("goes on after a data set that cannot be read", async () => {
  const datasets = new OpenDatasets((path) =>
    path === "bad"
      ? Promise.reject(new Error("unreadable"))
      : Promise.resolve({
          ask: () => Promise.resolve(path),
          close: () => Promise.resolve(),
        } as unknown as DatasetReader),
  );
  const [bad, good] = [datasets.ask("bad", { kind: "task" }), datasets.ask("good", { kind: "task" })];
  await expect(bad).rejects.toThrow("unreadable");
  expect(await good).toBe("good");
});

it("opens nothing for requests that waited when it was closed", async () => {
  const log: string[] = [];
  const datasets = slowDatasets(log);
  await datasets.ask("a", { kind: "task" });
  const asked = [datasets.ask("a", { kind: "task" }), datasets.ask("b", { kind: "task" })];
  const settled = Promise.allSettled(asked);
  await datasets.close();
  expect((await settled).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(log).toEqual(["open a", "close a"]);
});

it.each(["dataset.json", "data.csv"])("reads the task again when %s changed, and only then", async (name) => {
  const file = join(folder, name);
  const path = name === "dataset.json" ? folder : file;
  writeFileSync(file, "1");
  utimesSync(file, 1000, 1000);
  const opened: string[] = [];
  const datasets = slowDatasets(opened);
  await Promise.all([datasets.taskOf(path), datasets.taskOf(path)]);
  await datasets.taskOf(path);
  expect(opened).toEqual([`open ${path}`]);
  utimesSync(file, 2000, 2000);
  await datasets.taskOf(path);
  await datasets.taskOf(path);
  expect(opened).toEqual([`open ${path}`, `close ${path}`, `open ${path}`]);
});

it("reads an unreadable data set again after some seconds, or when it changed", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const file = join(folder, "data.csv");
  writeFileSync(file, "1");
  let opened = 0;
  const datasets = new OpenDatasets(() => {
    opened++;
    return Promise.reject(new DataError("data.format", "unreadable"));
  });
  const fails = (): Promise<void> => expect(datasets.taskOf(file)).rejects.toThrow("unreadable");
  await fails();
  vi.advanceTimersByTime(FAILURE_KEPT - 1);
  await fails();
  expect(opened).toBe(1);
  vi.advanceTimersByTime(1);
  await fails();
  expect(opened).toBe(2);
  writeFileSync(file, "22");
  await fails();
  expect(opened).toBe(3);
});
