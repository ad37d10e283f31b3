import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { npyHeader } from "../../data/formats/npy-header.js";
import { Breakdown } from "../../features/worker-thread.js";
import { OpenDatasets } from "../datasets/open-datasets.js";
import { toyModel, type ToyServer, toyServer } from "../testing/toy-server.js";

let server: ToyServer;
beforeAll(async () => {
  server = await toyServer(await toyModel());
});

const send = async (method: string, path: string, body?: unknown): Promise<number> => {
  const headers = { "content-type": "application/json" };
  const init = body === undefined ? {} : { headers, body: JSON.stringify(body) };
  return (await server.app.request(path, { method, ...init })).status;
};
const get = async (path: string): Promise<Record<string, unknown>> =>
  (await (await server.app.request(path)).json()) as Record<string, unknown>;

/** Stores labels of the collection "clips" as rows of sample, modality, person, label. */
const label = async (...rows: readonly (readonly [string, string, string, unknown])[]): Promise<void> => {
  for (const [sample, modality, person, value] of rows)
    expect(await send("PUT", "/v1/labels/clips", { sample, modality, person, label: value })).toBe(204);
};

it("keeps the labels of several people by modality, measures their agreement, and exports them", async () => {
  await label(
    ...([
      ["a.mp4", "all", "ben", 2],
      ["a.mp4", "all", "anna", 1],
      ["a.mp4", "audio", "anna", -1],
      ["b.mp4", "all", "anna", -3],
      ["b.mp4", "all", "ben", 0],
      ["b.mp4", "all", "ben", -2.5],
    ] as const),
  );
  expect(await send("PUT", "/v1/flags/clips", { sample: "a.mp4", note: 'noisy, "loud"' })).toBe(204);
  expect(await send("PUT", "/v1/flags/clips", { sample: "c.mp4" })).toBe(204);
  const { labels, kept } = await get("/v1/labels/clips");
  expect(kept).toBe(false);
  expect(labels).toHaveLength(5);
  expect(labels).toContainEqual(expect.objectContaining({ sample: "b.mp4", person: "ben", label: -2.5 }));
  const { agreement } = await get("/v1/labels/clips/agreement");
  // D_o = (2 * 1 + 2 * 0.25) / 4 of the pairs (1, 2) and (-3, -2.5); D_e = 2 * 18.6875 / 3
  expect(agreement).toEqual([
    {
      modality: "all",
      people: 2,
      samples: 2,
      level: "interval",
      alpha: expect.closeTo(1 - 0.625 / (37.375 / 3), 9) as number,
    },
    { modality: "audio", people: 1, samples: 0, level: "interval", alpha: null },
  ]);
  const table = await server.app.request("/v1/exports/labels/clips");
  expect(table.headers.get("content-type")).toBe("text/csv; charset=utf-8");
  expect((await table.text()).trimEnd().split("\r\n")).toEqual([
    "sample,modality,flag,label_anna,label_ben",
    'a.mp4,all,"noisy, ""loud""",1,2',
    'a.mp4,audio,"noisy, ""loud""",-1,',
    "b.mp4,all,,-3,-2.5",
    "c.mp4,all,,,",
  ]);
  const lines = (await (await server.app.request("/v1/exports/labels/clips?format=jsonl")).text()).split(
    "\n",
  );
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ modality: "all", labels: { anna: 1, ben: 2 } });
  expect(await get("/v1/labels/others")).toEqual({ kept: false, labels: [] });
});

it("compares names as nominal labels", async () => {
  for (const [sample, person, value] of [
    ["1", "anna", ["joy"]],
    ["1", "ben", ["joy"]],
    ["2", "anna", ["fear", "joy"]],
    ["2", "ben", []],
  ] as const)
    expect(await send("PUT", "/v1/labels/words", { sample, modality: "all", person, label: value })).toBe(
      204,
    );
  expect((await get("/v1/labels/words/agreement"))["agreement"]).toMatchObject([
    { level: "nominal", samples: 2, alpha: expect.closeTo(0.4, 9) as number },
  ]);
});

it("deletes labels and flags, and refuses bad ones", async () => {
  const place = "sample=a.mp4&modality=audio&person=anna";
  expect(await send("DELETE", `/v1/labels/clips?${place}`)).toBe(204);
  expect(await send("DELETE", `/v1/labels/clips?${place}`)).toBe(404);
  expect(await send("DELETE", "/v1/flags/clips?sample=c.mp4")).toBe(204);
  expect(await send("DELETE", "/v1/flags/clips?sample=c.mp4")).toBe(404);
  expect((await get("/v1/flags/clips"))["flags"]).toMatchObject([{ sample: "a.mp4", note: 'noisy, "loud"' }]);
  const good = { sample: "a", modality: "all", person: "anna", label: 1 };
  for (const bad of [{ person: " " }, { person: "x".repeat(65) }, { label: true }, { sample: "" }])
    expect(await send("PUT", "/v1/labels/clips", { ...good, ...bad })).toBe(400);
  expect((await server.app.request("/v1/exports/labels/clips?format=xls")).status).toBe(400);
});

it("refuses a label that the data set of the server cannot have", async () => {
  const give = async (value: unknown): Promise<number> =>
    send("PUT", "/v1/labels/toy", { sample: "test/1", modality: "all", person: "anna", label: value });
  server = await toyServer(await toyModel(), {
    datasets: new Map([["toy", "synthetic:train=20,valid=10,test=10"]]),
  });
  expect([await give(3), await give(-3)]).toEqual([204, 204]);
  expect([await give(3.1), await give(-300), await give("good"), await give({ sentiment: 1 })]).toEqual([
    422, 422, 422, 422,
  ]);
  expect((await get("/v1/labels/toy"))["labels"]).toMatchObject([{ label: -3 }]);
});

it("stores a label of a data set that cannot be read, for nothing is known of its scale", async () => {
  server = await toyServer(await toyModel(), { datasets: new Map([["lost", "/no/such/data.pkl"]]) });
  const label = { sample: "test/1", modality: "all", person: "anna", label: 7 };
  expect(await send("PUT", "/v1/labels/lost", label)).toBe(204);
  expect(server.logged.join()).toContain("/no/such/data.pkl");
});

it("stores a label of a data set whose thread ended", async () => {
  server = await toyServer(await toyModel(), {
    datasets: new Map([["big", "/big.pkl"]]),
    openDatasets: new OpenDatasets(() => Promise.reject(new Breakdown("its thread ended with code 1"))),
  });
  const label = { sample: "test/1", modality: "all", person: "anna", label: 7 };
  expect(await send("PUT", "/v1/labels/big", label)).toBe(204);
  expect(server.logged.join()).toContain("its thread ended with code 1");
});

it("refuses a number outside a stated scale, but not outside one found in the training labels", async () => {
  const root = mkdtempSync(join(tmpdir(), "euar-scale-"));
  const folders = { stated: [-1, 1], found: undefined } as const;
  const datasets = new Map<string, string>();
  for (const [name, range] of Object.entries(folders)) {
    const folder = join(root, name);
    mkdirSync(folder);
    writeFileSync(
      join(folder, "rows.csv"),
      "id,part,score\na,train,-0.6\nb,train,0.8\nc,valid,0\nd,test,0\n",
    );
    writeFileSync(
      join(folder, "x.npy"),
      Buffer.concat([npyHeader("<f4", [4, 1]), Buffer.from(Float32Array.of(1, 2, 3, 4).buffer)]),
    );
    const description = {
      task: { kind: "regression", range },
      all: { features: { audio: "x.npy" }, table: "rows.csv" },
      columns: { id: "id", labels: "score", split: "part" },
    };
    writeFileSync(join(folder, "dataset.json"), JSON.stringify(description));
    datasets.set(name, folder);
  }
  server = await toyServer(await toyModel(), { datasets });
  const give = async (name: string, value: unknown): Promise<number> =>
    send("PUT", `/v1/labels/${name}`, { sample: "d", modality: "all", person: "anna", label: value });
  expect([await give("stated", 1), await give("stated", 2)]).toEqual([204, 422]);
  expect([await give("found", 1), await give("found", 2), await give("found", "two")]).toEqual([
    204, 204, 422,
  ]);
  const endless = '{"sample":"d","modality":"all","person":"anna","label":1e999}';
  const headers = { "content-type": "application/json" };
  const answer = await server.app.request("/v1/labels/found", { method: "PUT", headers, body: endless });
  expect(answer.status).toBe(400);
  rmSync(root, { recursive: true });
});
