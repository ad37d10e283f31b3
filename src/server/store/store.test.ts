import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { codeOf } from "../../core/testing/code-of.js";
import { openDatabase } from "./database.js";
import { runCalls } from "./local-store.js";
import { migrate, MIGRATIONS } from "./migrations.js";
import type { JobRow, PredictionRow } from "./rows.js";
import { Store } from "./store.js";

const folder = mkdtempSync(join(tmpdir(), "euar-store-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const prediction = (i: number, day = 10): PredictionRow => ({
  id: `p${i}`,
  created: `2026-01-${day}T00:00:00.${String(i).padStart(6, "0")}Z`,
  model: i % 2 === 0 ? "even" : "odd",
  modelHash: "h",
  sample: null,
  source: "features",
  result: `{"prediction":${i}}`,
});
const job = (id: string, key: string | null = null): JobRow => ({
  id,
  key,
  fingerprint: "f",
  state: "queued",
  created: `2026-01-01T00:00:0${id}Z`,
  started: null,
  finished: null,
  attempts: 0,
  request: "{}",
  result: null,
  error: null,
});

it("lists predictions latest first, page by page and by model, with corrections", async () => {
  const store = Store.openHere(":memory:");
  await store.ask(
    "addPredictions",
    [1, 2, 3, 4, 5].map((i) => prediction(i)),
  );
  const ids = async (filter: Parameters<typeof store.ask<"listPredictions">>[1]): Promise<string[]> =>
    (await store.ask("listPredictions", filter)).map(({ id }) => id);
  expect(await ids({ limit: 2 })).toEqual(["p5", "p4"]);
  expect(await ids({ limit: 2, before: `${prediction(4).created}p4` })).toEqual(["p3", "p2"]);
  expect(await ids({ limit: 9, model: "even" })).toEqual(["p4", "p2"]);
  const correction = { prediction: "p4", created: "2026-01-11", label: "1.5", note: "irony" };
  expect(await store.ask("correct", { ...correction, label: "0" })).toBe(true);
  expect(await store.ask("correct", correction)).toBe(true);
  expect(await store.ask("correct", { ...correction, prediction: "none" })).toBe(false);
  expect(await store.ask("getPrediction", "p4")).toEqual({ ...prediction(4), correction });
  expect(await store.ask("deletePrediction", "p4")).toBe(true);
  expect(await store.ask("deletePrediction", "p4")).toBe(false);
  expect(await store.ask("getPrediction", "p4")).toBeNull();
});

it("keeps rows that are recent and fit the limit", async () => {
  const store = Store.openHere(":memory:");
  await store.ask(
    "addPredictions",
    [1, 2].map((i) => prediction(i, 10)),
  );
  await store.ask(
    "addPredictions",
    [3, 4].map((i) => prediction(i, 20)),
  );
  expect(await store.ask("prune", { before: "2026-01-15", bytes: null })).toBe(2);
  const large = Array.from({ length: 3000 }, (_, i) => ({ ...prediction(i, 21), id: `q${i}` }));
  await store.ask("addPredictions", large);
  expect(await store.ask("prune", { before: null, bytes: 400_000 })).toBeGreaterThan(500);
  const [latest] = await store.ask("listPredictions", { limit: 1 });
  expect(latest?.id).toBe("q2999");
});

it("takes jobs in order, once, and knows them by their idempotency key", async () => {
  const store = Store.openHere(":memory:");
  for (const id of ["1", "2"]) await store.ask("addJob", job(id));
  expect(await store.ask("addJob", job("3", "key"))).toMatchObject({ id: "3" });
  expect(await store.ask("addJob", job("4", "key"))).toMatchObject({ id: "3" });
  expect(await store.ask("takeJob", "now")).toMatchObject({ id: "1", state: "running", attempts: 1 });
  expect(await store.ask("takeJob", "now")).toMatchObject({ id: "2" });
  const end = { finished: "later", result: "{}", error: null };
  await store.ask("endJob", { id: "2", state: "done", ...end });
  expect(await store.ask("endJob", { id: "2", state: "failed", ...end })).toMatchObject({ state: "done" });
  expect(await store.ask("requeueJobs", undefined)).toBe(1);
  expect(await store.ask("takeJob", "now")).toMatchObject({ id: "1", attempts: 2 });
  expect(await store.ask("deleteJob", "1")).toBe(false);
  expect(await store.ask("deleteJob", "2")).toBe(true);
});

it("answers a full disk with server.storage-full, keeps its data, and works again later", () => {
  const database = openDatabase(join(folder, "full.db"));
  migrate(database, "full.db");
  const add = (from: number, count: number) =>
    runCalls(
      database,
      Array.from({ length: count }, (_, i) => ({
        name: "addPredictions" as const,
        input: [prediction(from + i)],
      })),
    );
  expect(add(0, 5).every(({ kind }) => kind === "value")).toBe(true);
  database.exec("PRAGMA max_page_count = 12");
  const replies = add(100, 2000);
  expect(replies[0]).toMatchObject({ kind: "error", error: { code: "server.storage-full" } });
  const count = () => database.all("SELECT count(*) AS n FROM predictions")[0]?.["n"];
  expect(count()).toBe(5);
  database.exec("PRAGMA max_page_count = 100000");
  expect(add(200, 1)[0]).toMatchObject({ kind: "value" });
  expect(count()).toBe(6);
  database.close();
});

it("undoes only the operation that fails", () => {
  const database = openDatabase(":memory:");
  migrate(database, ":memory:");
  const replies = runCalls(database, [
    { name: "addPredictions", input: [prediction(1)] },
    { name: "addPredictions", input: [prediction(2), prediction(1)] },
    { name: "addPredictions", input: [prediction(3)] },
  ]);
  expect(replies.map(({ kind }) => kind)).toEqual(["value", "error", "value"]);
  expect(database.all("SELECT id FROM predictions").map(({ id }) => id)).toEqual(["p1", "p3"]);
});

it("migrates tables of each earlier version, and keeps their rows", () => {
  for (let version = 1; version < MIGRATIONS.length; version++) {
    const database = openDatabase(":memory:");
    for (const change of MIGRATIONS.slice(0, version)) database.exec(change);
    database.exec(`PRAGMA user_version = ${version}`);
    runCalls(database, [{ name: "addPredictions", input: [prediction(1)] }]);
    migrate(database, ":memory:");
    const key = { id: "1", name: "one", hash: "h", scopes: "[]", rate: null, created: "now" };
    const audit = [{ time: "now", key: "one", method: "GET", route: "/metrics", status: 200 }];
    const replies = runCalls(database, [
      { name: "addKey", input: key },
      { name: "addKey", input: { ...key, id: "2" } },
      { name: "addAudit", input: audit },
      { name: "listPredictions", input: { limit: 9 } },
      { name: "listRuns", input: undefined },
    ]);
    const values = replies.map((reply) => (reply.kind === "value" ? reply.value : reply.error));
    expect(values).toEqual([true, false, null, [{ ...prediction(1), correction: null }], []]);
    database.close();
  }
});

it("refuses tables of a later version", () => {
  const database = openDatabase(":memory:");
  database.exec("PRAGMA user_version = 99");
  expect(
    codeOf(() => {
      migrate(database, "x.db");
    }),
  ).toBe("checkpoint.format");
});
