import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ExperimentFolders } from "../../src/server/experiments/experiment-folders.js";
import { RunFolders } from "../../src/server/runs/run-folders.js";
import { Trainings } from "../../src/server/runs/trainings.js";
import { Store } from "../../src/server/store/store.js";
import { exampleOf } from "../../src/server/api-page/example.js";
import { toyModel, type ToyServer, toyServer } from "../../src/server/testing/toy-server.js";
import { readDocument } from "./read-document.js";
import { type RandomRequest, randomRequests } from "./random-requests.js";

const SEED = 20_261_130;
const REQUESTS = 500;

const folder = mkdtempSync(join(tmpdir(), "euar-fuzz-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

let server: ToyServer;
beforeAll(async () => {
  const store = Store.openHere(":memory:");
  const folders = new RunFolders(join(folder, "runs"));
  const datasets = new Map([["synthetic", "synthetic:train=20,valid=10,test=10"]]);
  const log = (): void => undefined;
  // commands would start processes
  const start = () => ({
    interrupt: () => undefined,
    outcome: Promise.resolve({ kind: "result", result: {} } as const),
  });
  server = await toyServer(await toyModel(), {
    store,
    folders,
    datasets,
    uploads: folder,
    trainings: new Trainings({ store, folders, datasets, log, start }),
    experiments: new ExperimentFolders({ folder: join(folder, "results"), datasets, start }),
  });
});

/** Describes the way in which a response is wrong. Undefined for a right one. */
async function faultOf({ operation }: RandomRequest, response: Response): Promise<string | undefined> {
  const { status } = response;
  const body = await response.text();
  if (!Object.hasOwn(operation.responses, String(status))) return `undocumented status ${status}: ${body}`;
  const type = response.headers.get("content-type") ?? "";
  if (status < 400 || !type.includes("json")) return undefined;
  if (type !== "application/problem+json") return `${status} with the type ${type}`;
  const problem = JSON.parse(body) as Record<string, unknown>;
  if (problem["status"] !== status || typeof problem["detail"] !== "string") return body;
  return undefined;
}

it(`answers ${REQUESTS} random requests to its routes with documented statuses`, async () => {
  const { operations, schemas } = readDocument(await (await server.app.request("/openapi.json")).json());
  const statuses = new Map<number, number>();
  const faults: unknown[] = [];
  // this route starts a process
  const called = operations.filter(({ path }) => path !== "/v1/datasets/{name}");
  const requests = fc.sample(randomRequests(called, schemas), { seed: SEED, numRuns: REQUESTS });
  for (const request of requests) {
    const { operation, url, contentType, body } = request;
    const method = operation.method.toUpperCase();
    const response = await server.app.request(url, {
      method,
      headers: { host: "localhost", ...(contentType !== undefined && { "content-type": contentType }) },
      ...(body !== undefined && { body }),
    });
    statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
    const fault = await faultOf(request, response);
    if (fault !== undefined) faults.push({ fault, method, url, contentType, body });
  }
  expect(faults).toEqual([]);
  // both kinds of requests are frequent: those that are answered, and those that are refused
  const share = (from: number, to: number): number =>
    [...statuses].reduce((sum, [status, n]) => sum + (status >= from && status < to ? n : 0), 0) / REQUESTS;
  expect(share(200, 400)).toBeGreaterThan(0.1);
  expect(share(400, 500)).toBeGreaterThan(0.3);
  expect(server.logged).toEqual([]);
  const uploads = (): string[] => readdirSync(folder).filter((name) => name.startsWith("euar-upload-"));
  await expect.poll(uploads, { timeout: 60_000 }).toEqual([]); // jobs delete their files when they end
});

it("reads the bodies that the page of the API shows", async () => {
  const { operations, schemas } = readDocument(await (await server.app.request("/openapi.json")).json());
  const refused: unknown[] = [];
  for (const { method, path, requestBody } of operations) {
    const schema = requestBody?.content["application/json"]?.schema;
    if (!schema) continue;
    const response = await server.app.request(path.replaceAll(/\{\w+\}/g, "none"), {
      method: method.toUpperCase(),
      headers: { "content-type": "application/json" },
      body: JSON.stringify(exampleOf(schema, schemas)),
    });
    if (response.status === 400) refused.push([method, path, await response.text()]);
  }
  expect(refused).toEqual([]);
});
