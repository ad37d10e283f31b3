import { beforeAll, expect, it } from "vitest";
import { toyModel, type ToyServer, toyServer } from "../testing/toy-server.js";

let server: ToyServer;
beforeAll(async () => {
  const datasets = new Map([
    ["small", "synthetic:train=12,valid=6,test=5"],
    ["gone", "/nowhere/data.pkl"],
  ]);
  server = await toyServer(await toyModel(), { datasets });
});

const get = async (path: string): Promise<readonly [number, Record<string, unknown>]> => {
  const answer = await server.app.request(`/v1/datasets/${path}`);
  return [answer.status, (await answer.json()) as Record<string, unknown>];
};

it("pages through samples that match, and gives their features", async () => {
  const [status, page] = await get("small/samples?split=train&from=1&limit=2");
  expect(status).toBe(200);
  expect(page).toMatchObject({ total: 12, samples: [{ row: 1, id: "train-1" }, { row: 2 }] });
  const [, found] = await get("small/samples?split=test&search=test-4");
  expect(found).toMatchObject({ total: 1, samples: [{ row: 4, steps: { text: 1 } }] });
  const [, { features }] = await get("small/samples/test/4");
  expect(
    Object.entries(features as Record<string, number[]>).map(([name, { length }]) => [name, length]),
  ).toEqual([
    ["text", 768],
    ["audio", 74],
    ["vision", 47],
  ]);
});

it("counts labels and lengths", async () => {
  const [, { valid }] = await get("small/distributions");
  expect(valid).toMatchObject({ steps: { text: [{ low: 1, high: 1, count: 6 }] } });
});

it.each([
  ["other/samples", 404, "server.not-found"],
  ["gone/samples", 422, "data.not-found"],
  ["small/samples/test/5", 422, "data.not-found"],
  ["small/samples?split=all", 400, "config.invalid"],
  ["small/samples?limit=1001", 400, "config.invalid"],
])("answers %s with %i %s", async (path, status, code) => {
  const [answered, problem] = await get(path);
  expect([answered, problem["code"]]).toEqual([status, code]);
  expect((await get("small/samples"))[0]).toBe(200); // the reader is open again
});
