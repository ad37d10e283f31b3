import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { formatDuration, startProgress } from "./progress.js";

function collector(): { stream: PassThrough; text: () => string } {
  const stream = new PassThrough();
  const parts: string[] = [];
  stream.on("data", (chunk: Buffer) => parts.push(chunk.toString()));
  return { stream, text: () => parts.join("") };
}

describe("formatDuration", () => {
  it.each([
    [0, "0:00"],
    [7.4, "0:07"],
    [754, "12:34"],
    [3723, "1:02:03"],
    [-3, "0:00"],
  ])("%d seconds is %s", (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});

describe("progress without a terminal", () => {
  it("writes a line now and then, with the time left", async () => {
    const { stream, text } = collector();
    let now = 0;
    const progress = await startProgress(stream, {
      label: "train",
      total: 100,
      quiet: false,
      interval: 5000,
      clock: () => now,
    });
    for (now = 1000; now <= 20_000; now += 1000) progress.update(now / 400, "loss 0.9");
    progress.stop();
    expect(text().trimEnd().split("\n")).toEqual([
      "train  13%  loss 0.9  0:05 elapsed, about 0:35 left",
      "train  25%  loss 0.9  0:10 elapsed, about 0:30 left",
      "train  38%  loss 0.9  0:15 elapsed, about 0:25 left",
      "train  50%  loss 0.9  0:20 elapsed, about 0:20 left",
    ]);
  });
  it("is silent under --quiet", async () => {
    const { stream, text } = collector();
    const progress = await startProgress(stream, { label: "train", total: 10, quiet: true, interval: 0 });
    progress.update(5);
    progress.stop();
    expect(text()).toBe("");
  });
});

describe("progress on a terminal", () => {
  it("draws a bar and leaves nothing behind", async () => {
    const { stream, text } = collector();
    const terminal = Object.assign(stream, {
      isTTY: true,
      columns: 100,
      clearLine: () => true,
      cursorTo: () => true,
      moveCursor: () => true,
    });
    const progress = await startProgress(terminal, { label: "train", total: 10, quiet: false });
    progress.update(5, "loss 0.9");
    progress.stop();
    expect(text()).toContain("train ");
    expect(text()).toMatch(/left/);
  });
});
