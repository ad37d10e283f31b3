import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Predictor } from "../predict/predictor.js";
import { createApp } from "./app.js";
import { LoadedModels } from "./models/loaded-models.js";
import { localScorer } from "./models/local-scorer.js";
import { StudioFiles } from "./studio/studio-files.js";
import { post, toyFeatures, toyLimits, toyModel, type ToyServer, toyServer } from "./testing/toy-server.js";

let model: Predictor;
let server: ToyServer;
beforeAll(async () => {
  model = await toyModel();
  server = await toyServer(model);
});

describe("predictions from features", () => {
  it("are those of the library, with doubts and verdict", async () => {
    const features = toyFeatures(0);
    const { status, body } = await post(server.app, "/v1/predictions", { id: 7, features });
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: 7, model: "toy", ...model.predict(features) });
    expect(body["verdict"]).toContain("The score is");
    expect(body["doubted"]).toBeInstanceOf(Array);
  });

  it("have the same bits alone, among others in one body, and among other requests", async () => {
    const rows = [0, 1, 2, 3];
    const alone: unknown[] = [];
    for (const row of rows)
      alone.push((await post(server.app, "/v1/predictions", { features: toyFeatures(row) })).body);
    const samples = rows.map((row) => ({ features: toyFeatures(row) }));
    const listed = await post(server.app, "/v1/predictions", { samples });
    expect(listed.body["predictions"]).toEqual(alone);
    const together = await Promise.all(samples.map((sample) => post(server.app, "/v1/predictions", sample)));
    expect(together.map(({ body }) => body)).toEqual(alone);
  });

  it("use the level and the modalities of the query", async () => {
    const features = toyFeatures(0);
    const path = "/v1/predictions?level=0.5&available=text&model=toy";
    const { body } = await post(server.app, path, { features });
    expect(body).toMatchObject({ ...model.predict({ text: features["text"] }, { level: 0.5 }) });
  });

  it("answer each bad sample of a list with its own error", async () => {
    const samples = [
      { id: "a", features: { text: [1, 2] } },
      { id: "b", features: toyFeatures(1) },
      { id: "c", words: "x" },
    ];
    const { status, body } = await post(server.app, "/v1/predictions", { samples });
    expect(status).toBe(200);
    expect(body["predictions"]).toEqual([
      { id: "a", error: expect.objectContaining({ code: "data.width-mismatch" }) as unknown },
      expect.objectContaining({ id: "b", ...model.predict(toyFeatures(1)) }),
      { id: "c", error: expect.objectContaining({ code: "data.format" }) as unknown },
    ]);
  });

  it.each([
    ["not JSON", "{", 400, "data.format"],
    ["a list", [], 400, "data.format"],
    ["no sample", {}, 400, "data.format"],
    ["an empty list", { samples: [] }, 422, "data.empty"],
    ["too many samples", { samples: [1, 2, 3, 4, 5] }, 400, "data.format"],
    ["a key twice", '{"features":{"text":[1]},"features":{}}', 400, "data.format"],
    ["no modality", { features: {} }, 422, "data.empty"],
    ["an unknown modality", { features: { smell: [1] } }, 422, "data.unknown-modality"],
    ["text instead of numbers", { features: { text: "hello" } }, 400, "data.format"],
    ["a text, to a model of features", { text: "hello" }, 422, "media.mismatch"],
    ["an infinite number", '{"features":{"text":[1e999,0,0,0,0,0]}}', 422, "data.invalid-value"],
    ["a body over the limit", { text: "x".repeat(10_000) }, 413, "server.too-large"],
  ])("refuse %s", async (_, sent, status, code) => {
    const answer = await post(server.app, "/v1/predictions", sent);
    expect(answer.body).toMatchObject({ code, status, type: `urn:euar:error:${code}` });
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
  });

  it.each([
    ["?model=other", 404, "server.not-found"],
    ["?level=2", 400, "config.invalid"],
    ["?available=smell", 422, "data.unknown-modality"],
  ])("refuse the query %s", async (query, status, code) => {
    const answer = await post(server.app, `/v1/predictions${query}`, { features: toyFeatures(0) });
    expect([answer.status, answer.body["code"]]).toEqual([status, code]);
  });

  it("refuse bodies of another type, and all bodies while the server shuts down", async () => {
    const headers = { "content-type": "text/plain" };
    expect((await post(server.app, "/v1/predictions", "x", headers)).status).toBe(415);
    const ending = await toyServer(model, { isDraining: () => true });
    const { status, headers: answered } = await post(ending.app, "/v1/predictions", {});
    expect([status, answered.get("retry-after")]).toEqual([503, "1"]);
    expect((await ending.app.request("/readyz")).status).toBe(503);
  });

  it("are refused with 429 while the queue is full", async () => {
    const models = new LoadedModels({ ...toyLimits, batchSize: 1, queueSize: 2 });
    await models.add("slow", {
      description: server.services.models.get("toy").description,
      score: () => new Promise(() => undefined),
      scoreMedia: () => new Promise(() => undefined),
      close: () => Promise.resolve(),
    });
    const { app } = await toyServer(model, { models });
    const send = () => post(app, "/v1/predictions", { features: {} });
    void send();
    void send();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const { status, headers, body } = await send();
    expect([status, headers.get("retry-after"), body["code"]]).toEqual([429, "1", "server.overloaded"]);
  });
});

describe("JSON lines", () => {
  const send = (lines: readonly string[], app = server.app) =>
    app.request("/v1/predictions", {
      method: "POST",
      headers: { "content-type": "application/x-ndjson" },
      body: lines.join("\n"),
    });

  it("are answered with lines, in order, even if a line is invalid", async () => {
    const lines = Array.from({ length: 200 }, (_, i) =>
      i === 5 ? "{" : JSON.stringify({ id: i, features: toyFeatures(i % 40) }),
    );
    const response = await send([...lines.slice(0, 100), "", ...lines.slice(100)]);
    expect(response.headers.get("content-type")).toBe("application/x-ndjson");
    const answers = (await response.text())
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(answers).toHaveLength(200);
    expect(answers[5]).toMatchObject({ error: { code: "data.format" } });
    expect(answers.filter((_, i) => i !== 5).map(({ id }) => id)).toEqual(
      Array.from({ length: 200 }, (_, i) => i).filter((i) => i !== 5),
    );
    expect(answers[199]).toMatchObject(model.predict(toyFeatures(199 % 40)));
  });

  it("wait for a full queue of media", async () => {
    const models = new LoadedModels({ ...toyLimits, mediaQueue: 1 });
    await models.add("toy", {
      ...localScorer(model, { samplesPerBody: 4, batchSize: 8 }),
      scoreMedia: ({ files }) => Promise.resolve(JSON.stringify({ prediction: files.text })),
    });
    const { app } = await toyServer(model, { models });
    const answered = await (await send(['{"text":"a"}', '{"text":"b"}', '{"text":"c"}'], app)).text();
    const answers = answered.trimEnd().split("\n");
    expect(answers.map((line) => JSON.parse(line) as unknown)).toEqual(
      ["a", "b", "c"].map((prediction) => ({ model: "toy", prediction })),
    );
  });

  it("refuse a list of samples and a long line, one by one", async () => {
    const answered = await (await send(['{"samples":[]}', `{"text":"${"x".repeat(20_000)}"}`])).text();
    expect([...answered.matchAll(/"code":"([\w.-]+)"/g)].map(([, code]) => code)).toEqual([
      "data.empty",
      "data.format",
    ]);
  });
});

describe("other routes", () => {
  it("describe health and models", async () => {
    expect(await (await server.app.request("/healthz")).json()).toEqual({ status: "ok" });
    expect(await (await server.app.request("/readyz")).json()).toEqual({ status: "ready", models: 1 });
    const { models } = (await (await server.app.request("/v1/models")).json()) as { models: unknown[] };
    expect(models).toEqual([
      expect.objectContaining({ name: "toy", default: true, task: "regression", outputs: ["sentiment"] }),
    ]);
    expect(await (await server.app.request("/v1/models/toy")).json()).toEqual(models[0]);
    expect((await server.app.request("/v1/models/other")).status).toBe(404);
  });

  it("are all in the OpenAPI document", async () => {
    const document = (await (await server.app.request("/openapi.json")).json()) as {
      openapi: string;
      paths: Record<string, object>;
    };
    expect(document.openapi).toBe("3.1.0");
    const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path.replace(/\{(\w+)\}/g, ":$1")}`),
    );
    const served = server.app.routes
      .filter(({ method, path }) => method !== "ALL" && !["*", "/*", "/openapi.json"].includes(path))
      .map(({ method, path }) => `${method.toLowerCase()} ${path}`);
    expect(new Set(served)).toEqual(new Set(documented));
  });

  it("refuse requests of other sites, and unknown hosts", async () => {
    const refused = async (headers: Record<string, string>): Promise<number> =>
      (await server.app.request("/v1/models", { headers })).status;
    expect(await refused({ host: "evil.example" })).toBe(403);
    expect(await refused({ host: "localhost:1", origin: "http://evil.example" })).toBe(403);
    expect(await refused({ host: "localhost:1", origin: "http://localhost:1" })).toBe(200);
    const { status } = await post(server.app, "/v1/predictions", {}, { "sec-fetch-site": "cross-site" });
    expect(status).toBe(403);
  });

  it("hide the text of an unexpected error, and log it", async () => {
    const models = new LoadedModels({ ...toyLimits, batchSize: 1, queueSize: 2 });
    models.list = () => {
      throw new Error("a secret");
    };
    const { app, logged } = await toyServer(model, { models });
    const response = await app.request("/v1/models");
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("secret");
    expect(logged.join()).toContain("a secret");
  });
});

describe("pages", () => {
  const folder = mkdtempSync(join(tmpdir(), "euar-studio-"));
  mkdirSync(join(folder, "dist", "assets"), { recursive: true });
  writeFileSync(join(folder, "secret.txt"), "secret");
  writeFileSync(join(folder, "dist", "index.html"), "<!doctype html>");
  writeFileSync(join(folder, "dist", "assets", "app-AbCd1234.js"), "1");
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it("are the files of the folder, with headers that allow no other server", async () => {
    const app = createApp({ ...server.services, studio: new StudioFiles(join(folder, "dist")) });
    const page = await app.request("/");
    expect(await page.text()).toBe("<!doctype html>");
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'; script-src 'self'");
    const script = await app.request("/assets/app-AbCd1234.js");
    expect(script.headers.get("content-type")).toContain("text/javascript");
    expect(script.headers.get("cache-control")).toContain("immutable");
    for (const path of ["/../secret.txt", "/%2e%2e/secret.txt", "/assets/../../secret.txt", "//secret.txt"])
      expect((await app.request(path)).status, path).toBe(404);
  });
});
