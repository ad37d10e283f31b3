import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { expectRejection } from "../testing/expect-rejection.js";
import { readTool } from "./tool-process.js";

const node = (script: string): readonly [string, readonly string[]] => [
  process.execPath,
  ["-e", script, "--", "-i", "file:clip.mp4"],
];

describe("readTool", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([
    ["nothing", "setInterval(() => {}, 1000)", 0],
    ["nothing more", "process.stdout.write('a'); setInterval(() => {}, 1000)", 1],
  ])(
    "ends a program that gives %s for two minutes, and names what it was reading",
    async (_, script, chunks) => {
      const reader = readTool(...node(script));
      for (let i = 0; i < chunks; i++) await reader.next();
      const next = reader.next();
      await vi.advanceTimersByTimeAsync(121_000);
      await expectRejection(next, "media.too-large", /read nothing from clip\.mp4 for 120 s/);
    },
  );

  it("does not count the time that the reader takes", async () => {
    const reader = readTool(...node("process.stdout.write('a')"));
    expect(String((await reader.next()).value)).toBe("a");
    vi.advanceTimersByTime(1_000_000);
    expect((await reader.next()).done).toBe(true);
  });
});
