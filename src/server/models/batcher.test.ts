import { expect, it } from "vitest";
import { Batcher } from "./batcher.js";

/** Runs batches that end when the test says so. */
function manual() {
  const batches: { readonly batch: readonly number[]; readonly end: () => void }[] = [];
  const run = (batch: readonly number[]): Promise<number[]> =>
    new Promise((resolve) => {
      batches.push({
        batch,
        end: () => {
          resolve(batch.map((value) => value * 10));
        },
      });
    });
  return { batches, run };
}

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

it("batches requests that arrive within the window or while a batch runs, up to the size", async () => {
  const { batches, run } = manual();
  const batcher = new Batcher(run, { batchWindow: 1, batchSize: 3, queueSize: 100 });
  const first = [1, 2].map((value) => batcher.ask(value));
  await turn();
  const later = [3, 4, 5, 6].map((value) => batcher.ask(value));
  await turn();
  expect(batches.map(({ batch }) => batch)).toEqual([[1, 2]]);
  batches[0]?.end();
  expect(await Promise.all(first)).toEqual([10, 20]);
  await turn();
  expect(batches[1]?.batch).toEqual([3, 4, 5]);
  batches[1]?.end();
  await turn();
  expect(batches[2]?.batch).toEqual([6]);
  expect(batcher.load).toBe(1);
  const drained = batcher.drained();
  batches[2]?.end();
  await drained;
  expect(await Promise.all(later)).toEqual([30, 40, 50, 60]);
});

it("fails all requests of a failed batch, and continues", async () => {
  let fails = true;
  const batcher = new Batcher(
    (batch: readonly number[]) => (fails ? Promise.reject(new Error("no")) : Promise.resolve(batch)),
    { batchWindow: 0, batchSize: 2, queueSize: 9 },
  );
  const failed = await Promise.allSettled([batcher.ask(1), batcher.ask(2)]);
  expect(failed.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  fails = false;
  expect(await batcher.ask(3)).toBe(3);
});

it("gives complete batches ahead, but no smaller ones", async () => {
  const { batches, run } = manual();
  const batcher = new Batcher(run, { batchWindow: 1, batchSize: 2, queueSize: 100 }, 1);
  const asked = [1, 2, 3, 4, 5, 6, 7].map((value) => batcher.ask(value));
  await turn();
  expect(batches.map(({ batch }) => batch)).toEqual([
    [1, 2],
    [3, 4],
  ]);
  batches[0]?.end();
  await turn();
  batches[1]?.end();
  await turn();
  expect(batches[2]?.batch).toEqual([5, 6]);
  expect(batches).toHaveLength(3);
  batches[2]?.end();
  await turn();
  batches[3]?.end();
  expect(await Promise.all(asked)).toEqual([10, 20, 30, 40, 50, 60, 70]);
});
