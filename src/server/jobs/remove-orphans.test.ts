import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import type { JobRow } from "../store/rows.js";
import { Store } from "../store/store.js";
import { removeOrphans } from "./remove-orphans.js";

const folder = mkdtempSync(join(tmpdir(), "euar-orphans-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const jobOf = (name: string, state: JobRow["state"]): JobRow => ({
  id: name,
  key: null,
  fingerprint: name,
  state,
  created: "2026-01-01T00:00:00Z",
  started: null,
  finished: null,
  attempts: 0,
  request: JSON.stringify({
    model: "toy",
    level: 0.9,
    files: {},
    shown: [],
    folder: join(folder, name),
  }),
  result: null,
  error: null,
});

it("deletes uploads that no unfinished job reads", async () => {
  for (const name of ["queued", "running", "done", "orphan"]) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, "0"), "x");
  }
  const store = Store.openHere(":memory:");
  for (const state of ["queued", "running", "done"] as const) await store.ask("addJob", jobOf(state, state));
  expect(await removeOrphans(folder, store)).toBe(2);
  expect(readdirSync(folder).sort()).toEqual(["queued", "running"]);
  expect(await removeOrphans(join(folder, "none"), store)).toBe(0);
});
