import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toyDataset } from "../../data/testing/toy-dataset.js";
import { train } from "../../train/train.js";
import { openLocalScorer } from "../models/local-scorer.js";
import { toyModel, type ToyServer, toyServer } from "../testing/toy-server.js";

describe("files for scoring in the browser", () => {
  const folder = mkdtempSync(join(tmpdir(), "euar-page-"));
  const run = join(folder, "run");
  let server: ToyServer;

  beforeAll(async () => {
    await train({ model: { name: "linear" }, train: { epochs: 1 }, out: run }, toyDataset());
    server = await toyServer(await toyModel());
    const options = { backend: "auto", samplesPerBody: 4, batchSize: 8 } as const;
    await server.services.models.add("stored", await openLocalScorer(run, options));
  });
  afterAll(async () => {
    await server.services.models.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function get(path: string): Promise<{ readonly status: number; readonly bytes: Buffer }> {
    const answer = await server.app.request(path);
    return { status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()) };
  }

  it("has the weights of a run, and none of a model in memory", async () => {
    expect(await get("/v1/models/stored/weights")).toEqual({
      status: 200,
      bytes: readFileSync(join(run, "weights.safetensors")),
    });
    expect((await get("/v1/models/toy/weights")).status).toBe(404);
    const { bytes } = await get("/v1/models");
    const { models } = JSON.parse(bytes.toString()) as { models: { name: string; inPage: boolean }[] };
    expect(models.map(({ name, inPage }) => [name, inPage])).toEqual([
      ["toy", false],
      ["stored", true],
    ]);
  });

  it("has the files of packages that adapters read, and no other file", async () => {
    const { status, bytes } = await get("/v1/packages/onnxruntime-web/package.json");
    expect(status).toBe(200);
    expect(JSON.parse(bytes.toString())).toMatchObject({ name: "onnxruntime-web" });
    for (const path of [
      "vitest/package.json",
      "onnxruntime-web/none.wasm",
      "onnxruntime-web/..%2f..%2fpackage.json",
      "onnxruntime-web/%2e%2e/vitest/package.json",
      "..%2fpackage.json",
      "onnxruntime-web/%E0%A4%A",
    ])
      expect((await get(`/v1/packages/${path}`)).status, path).toBe(404);
  });
});
