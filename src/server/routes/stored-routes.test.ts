import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parquetReadObjects } from "hyparquet";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Store } from "../store/store.js";
import { post, toyFeatures, toyModel, type ToyServer, toyServer } from "../testing/toy-server.js";

const folder = mkdtempSync(join(tmpdir(), "euar-stored-"));
let server: ToyServer;
beforeAll(async () => {
  server = await toyServer(await toyModel(), { store: Store.openHere(join(folder, "a.db")) });
});
afterAll(async () => {
  await server.services.store.close();
  rmSync(folder, { recursive: true });
});

it("stores each prediction, lists, corrects, exports and deletes it", async () => {
  const { body } = await post(server.app, "/v1/predictions", { id: 7, features: toyFeatures(0) });
  const { stored, ...prediction } = body;
  const samples = [{ features: toyFeatures(1) }, { features: {} }];
  const { body: list } = await post(server.app, "/v1/predictions", { samples });
  expect(list["predictions"]).toEqual([
    expect.objectContaining({ stored: expect.any(String) as string }),
    { error: expect.objectContaining({ code: "data.empty" }) as unknown },
  ]);
  const get = async (path: string) =>
    (await (await server.app.request(path)).json()) as Record<string, unknown>;
  const path = `/v1/predictions/${String(stored)}`;
  expect(await get(path)).toMatchObject({ id: stored, source: "features", prediction, correction: null });
  const correct = async (sent: unknown): Promise<number> =>
    (
      await server.app.request(`${path}/correction`, {
        method: "PUT",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(sent),
      })
    ).status;
  expect([await correct({ label: -1.5, note: "irony" }), await correct({ label: true })]).toEqual([204, 400]);
  const page = await get("/v1/predictions?limit=1");
  expect(page["predictions"]).toHaveLength(1);
  const rest = await get(`/v1/predictions?limit=5&before=${String(page["next"])}&model=toy`);
  expect(rest["predictions"]).toHaveLength(1);
  const uncertain = await get("/v1/predictions?order=uncertain&uncorrected=true");
  expect(uncertain["predictions"]).toEqual([expect.not.objectContaining({ id: stored })]);
  const both = (await get("/v1/predictions?order=uncertain"))["predictions"] as {
    prediction: { uncertainty: number };
  }[];
  const values = both.map(({ prediction: { uncertainty } }) => uncertainty);
  expect(values).toEqual([...values].sort((a, b) => b - a));
  const lines = (await (await server.app.request("/v1/exports/predictions")).text()).trimEnd().split("\n");
  const exported = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(exported).toHaveLength(2);
  expect(exported.find(({ id }) => id === stored)?.["correction"]).toMatchObject({
    label: -1.5,
    note: "irony",
  });
  const table = await server.app.request("/v1/exports/predictions?format=parquet");
  expect(table.headers.get("content-type")).toBe("application/vnd.apache.parquet");
  const rows = await parquetReadObjects({ file: await table.arrayBuffer() });
  expect(rows.map(({ id }) => id as unknown)).toEqual(exported.map(({ id }) => id));
  const row = rows.find(({ id }) => id === stored);
  expect(row).toMatchObject({ sample: "7", label: "-1.5", note: "irony", source: "features" });
  expect(row?.["score"]).toBe(prediction["prediction"]);
  expect(JSON.parse(String(row?.["prediction"]))).toEqual(prediction);
  expect(rows.find(({ id }) => id !== stored)).toMatchObject({ label: null, note: null, sample: null });
  const remove = async (): Promise<number> => (await server.app.request(path, { method: "DELETE" })).status;
  expect([await remove(), await remove()]).toEqual([204, 404]);
  expect(await get(path)).toMatchObject({ status: 404 });
});

it("refuses a correction that the model cannot predict", async () => {
  const store = Store.openHere(join(folder, "corrections.db"));
  const { app, services } = await toyServer(await toyModel(), { store });
  const { body } = await post(app, "/v1/predictions", { features: toyFeatures(0) });
  const path = `/v1/predictions/${String(body["stored"])}`;
  const correct = async (label: unknown) => {
    const headers = { "content-type": "application/json" };
    const init = { method: "PUT", headers, body: JSON.stringify({ label }) };
    const answer = await app.request(`${path}/correction`, init);
    return answer.status === 204 ? 204 : ((await answer.json()) as Record<string, unknown>);
  };
  expect(await correct(30)).toMatchObject({
    status: 422,
    code: "data.invalid-value",
    detail: "the label is 30, outside the scale of the labels",
    hint: "Give a number from -3 to 3.",
  });
  expect(await correct("good")).toMatchObject({ status: 422, code: "data.invalid-value" });
  expect(await (await app.request(path)).json()).toMatchObject({ correction: null });
  expect(await correct(3)).toBe(204);
  await services.models.remove("toy");
  expect(await correct(30)).toBe(204); // the scale is no longer known
  expect(await correct("good")).toMatchObject({ status: 422 });
  await store.close();
});

it("exports more than one page as Parquet, and a store without predictions", async () => {
  const store = Store.openHere(":memory:");
  const { app } = await toyServer(await toyModel(), { store });
  const idsOf = async (): Promise<unknown[]> => {
    const file = await (await app.request("/v1/exports/predictions?format=parquet")).arrayBuffer();
    return (await parquetReadObjects({ file })).map(({ id }) => id as unknown);
  };
  expect(await idsOf()).toEqual([]);
  const rowOf = (i: number) => ({
    id: `p${i}`,
    created: `2026-01-01T00:00:${String(i).padStart(6, "0")}`,
    model: "toy",
    modelHash: "h",
    sample: null,
    source: "features" as const,
    result: `{"prediction":${i},"uncertainty":null}`,
  });
  await store.ask(
    "addPredictions",
    Array.from({ length: 1100 }, (_, i) => rowOf(i)),
  );
  expect(await idsOf()).toEqual(Array.from({ length: 1100 }, (_, i) => `p${1099 - i}`));
  expect((await app.request("/v1/exports/predictions?format=xls")).status).toBe(400);
});

it("refuses a bad page", async () => {
  expect((await server.app.request("/v1/predictions?limit=0")).status).toBe(400);
});
