import { expect, it } from "vitest";
import type { DatasetReader } from "./dataset-reader.js";
import { OpenDatasets } from "./open-datasets.js";

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
  await new Promise((resolve) => setTimeout(resolve, 5));
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
