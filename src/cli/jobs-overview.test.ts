import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import type { JobsProgress } from "../experiments/run-jobs.js";
import { secondsLeft, startJobsOverview } from "./jobs-overview.js";

function collector(): { readonly stream: PassThrough; readonly text: () => string } {
  const stream = new PassThrough();
  const parts: string[] = [];
  stream.on("data", (chunk: Buffer) => parts.push(chunk.toString()));
  return { stream, text: () => parts.join("") };
}

const progress = (change: Partial<JobsProgress> = {}): JobsProgress => ({
  total: 10,
  done: 4,
  stored: 2,
  failures: [],
  running: ["table1, EUAR, seed 1"],
  ...change,
});
const failure = { label: "table1, Linear, seed 2", code: "train.diverged", message: "it diverged" };

describe("secondsLeft", () => {
  it("uses the runs that were made, not the runs that were stored before", () => {
    expect(secondsLeft(progress(), 20)).toBe(60);
    expect(secondsLeft(progress({ failures: [failure] }), 30)).toBe(50);
    expect(secondsLeft(progress({ done: 2 }), 20)).toBeUndefined();
  });
});

describe("the overview without a terminal", () => {
  it("writes plain lines now and then, and each failure at once", async () => {
    const { stream, text } = collector();
    let now = 0;
    const overview = await startJobsOverview(stream, {
      label: "reproduce",
      quiet: false,
      interval: 5000,
      clock: () => now,
    });
    overview.update(progress({ done: 2 }));
    now = 20_000;
    overview.update(progress());
    now = 21_000;
    overview.update(progress({ failures: [failure] }));
    overview.update(progress({ failures: [failure] }));
    overview.stop();
    expect(text().trimEnd().split("\n")).toEqual([
      "reproduce  4 of 10 runs, 2 of them stored before, 0 failed, 0:20 elapsed, about 1:00 left; " +
        "running: table1, EUAR, seed 1",
      "failed: table1, Linear, seed 2 [train.diverged]: it diverged",
    ]);
  });
  it("is silent under --quiet", async () => {
    const { stream, text } = collector();
    const overview = await startJobsOverview(stream, { label: "reproduce", quiet: true, interval: 0 });
    overview.update(progress({ failures: [failure] }));
    overview.stop();
    expect(text()).toBe("");
  });
});

describe("the overview on a terminal", () => {
  it("draws a bar and a line for each run, prints failures above, and stops", async () => {
    const { stream, text } = collector();
    const terminal = Object.assign(stream, {
      isTTY: true,
      columns: 160,
      clearLine: () => true,
      cursorTo: () => true,
      moveCursor: () => true,
    });
    const overview = await startJobsOverview(terminal, { label: "reproduce", quiet: false });
    overview.update(progress());
    overview.update(
      progress({ running: ["table1, EUAR, seed 1", "table2, Concat, seed 2"], failures: [failure] }),
    );
    overview.stop();
    const shown = text();
    for (const part of [
      "reproduce",
      "4 of 10 runs, 2 of them stored before, 1 failed",
      "left",
      "table1, EUAR, seed 1",
      "table2, Concat, seed 2",
      "failed: table1, Linear, seed 2 [train.diverged]: it diverged",
    ])
      expect(shown).toContain(part);
  });
});
