import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { codeOf } from "../../core/testing/code-of.js";
import { requireNoInput } from "./watch-folder.js";

const root = mkdtempSync(join(tmpdir(), "euar-watch-"));
mkdirSync(join(root, "in"));
symlinkSync(join(root, "in"), join(root, "link"));
afterAll(() => {
  rmSync(root, { recursive: true });
});

it.each([
  ["in/scores.mp4", "config.conflict"],
  ["in/a.JPG", "config.conflict"],
  ["link/a.wav", "config.conflict"],
  ["in/../in/a.srt", "config.conflict"],
  ["in/a.json", "config.conflict"], // the transcript of a.mp4
  ["in/scores.jsonl", undefined],
  ["in/scores.txt", undefined],
  ["scores.mp4", undefined],
  ["in/deeper/scores.mp4", undefined],
  ["absent/scores.mp4", undefined],
])("results in %s while in/ is watched: %s", (out, code) => {
  const check = (): void => {
    requireNoInput(join(root, out), join(root, "in"));
  };
  if (code === undefined) expect(check).not.toThrow();
  else expect(codeOf(check)).toBe(code);
});
