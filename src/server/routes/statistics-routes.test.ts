import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Store } from "../store/store.js";
import { post, toyFeatures, toyModel, type ToyServer, toyServer } from "../testing/toy-server.js";

const folder = mkdtempSync(join(tmpdir(), "euar-statistics-"));
let server: ToyServer;
beforeAll(async () => {
  server = await toyServer(await toyModel(), { store: Store.openHere(join(folder, "a.db")) });
});
afterAll(async () => {
  await server.services.store.close();
  rmSync(folder, { recursive: true });
});

const statistics = async (query = ""): Promise<Record<string, unknown[]>> =>
  (await (await server.app.request(`/v1/statistics${query}`)).json()) as Record<string, unknown[]>;

it("counts predictions, doubts, ranks, corrections and requests", async () => {
  const doubted: string[] = [];
  let stored = "";
  for (let i = 0; i < 6; i++) {
    const { text, audio } = toyFeatures(i);
    const scaled = text?.map((value) => value * (i === 0 ? 1000 : 1));
    const { body } = await post(server.app, "/v1/predictions", { features: { text: scaled, audio } });
    const found = body["doubted"] as { modality: string }[];
    doubted.push(...found.map(({ modality }) => modality));
    stored = String(body["stored"]);
  }
  await server.app.request(`/v1/predictions/${stored}/correction`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: '{"label":1}',
  });
  const { hours, doubts, ranks, routes, corrections } = await statistics();
  const sum = (rows: unknown[] | undefined, key: string): number =>
    (rows ?? []).reduce<number>((total, row) => total + Number(Reflect.get(Object(row), key)), 0);
  expect(sum(hours, "predictions")).toBe(6);
  expect(sum(doubts, "doubted")).toBe(doubted.length);
  expect(sum(ranks, "inputs")).toBeGreaterThanOrEqual(6);
  expect(corrections).toBe(1);
  expect(routes).toContainEqual(
    expect.objectContaining({ route: "/v1/predictions", requests: 6, failed: 0 }),
  );
  expect(await statistics("?model=other")).toMatchObject({
    hours: [],
    doubts: [],
    ranks: [],
    corrections: 0,
  });
});
