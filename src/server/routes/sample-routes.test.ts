import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { writeFolder } from "../../data/formats/write-folder.js";
import { toyDataset } from "../../data/testing/toy-dataset.js";
import { toyModel, type ToyServer, toyServer } from "../testing/toy-server.js";

const folder = mkdtempSync(join(tmpdir(), "euar-samples-"));
const picture = Buffer.from("89504e470d0a1a0a", "hex");
let server: ToyServer;
beforeAll(async () => {
  await writeExtracted();
  const datasets = new Map([
    ["small", "synthetic:train=12,valid=6,test=5"],
    ["extracted", join(folder, "data")],
    ["gone", "/nowhere/data.pkl"],
  ]);
  server = await toyServer(await toyModel(), { datasets });
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Writes a data set as if it had been extracted from posts; the picture of the last post is outside. */
async function writeExtracted(): Promise<void> {
  const dataset = toyDataset({ sizes: { train: 4, valid: 3, test: 3 } });
  mkdirSync(join(folder, "data"));
  mkdirSync(join(folder, "posts"));
  await writeFolder(join(folder, "data"), dataset, new AbortController().signal);
  writeFileSync(join(folder, "outside.png"), picture);
  for (const [split, { ids }] of Object.entries(dataset.splits)) {
    const lines = ids.map((id, row) => {
      writeFileSync(join(folder, "posts", `${id}.png`), picture);
      const img = row === 2 ? "../outside.png" : `${id}.png`;
      return JSON.stringify({ id, label: "positive", text: "a", img });
    });
    writeFileSync(join(folder, "posts", `${split}.jsonl`), lines.join("\n"));
  }
  const request = { input: join(folder, "posts"), label: "label", seed: 1 };
  writeFileSync(join(folder, "data", "extract.json"), JSON.stringify(request));
}

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

it("sends the media that features were extracted from, and nothing outside their folder", async () => {
  expect(await get("extracted/samples/test/1/media")).toEqual([
    200,
    { media: [{ modality: "image", type: "image/png" }] },
  ]);
  const answer = await server.app.request("/v1/datasets/extracted/samples/test/1/media/image");
  expect(answer.headers.get("content-type")).toBe("image/png");
  expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(picture);
  expect(await get("extracted/samples/test/2/media")).toEqual([200, { media: [] }]);
  expect((await get("extracted/samples/test/1/media/audio"))[0]).toBe(404);
  expect((await get("extracted/samples/test/1/media/..%2Fextract.json"))[0]).toBe(404);
  expect((await get("extracted/samples/test/3/media"))[1]).toMatchObject({ code: "data.not-found" });
  expect(await get("small/samples/test/1/media")).toEqual([200, { media: [] }]);
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
