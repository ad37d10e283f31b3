import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { expectRejection } from "../testing/expect-rejection.js";
import type { ModelPlace, ModelSource } from "./model-source.js";
import { nodeModels } from "./node-models.js";

const content = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7) % 251));
const place: ModelPlace = { kind: "hub", id: "owner/model", revision: "refs/pr/1" };

let cache: string;
let close: () => void = () => undefined;
let requests: IncomingMessage[];

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), "euar-hub-"));
  requests = [];
});

afterEach(() => {
  close();
  rmSync(cache, { recursive: true, force: true });
});

/** Hub that answers the n-th request with the n-th answer, and all further ones with the last. */
async function hub(
  ...answers: ((response: ServerResponse, request: IncomingMessage) => void)[]
): Promise<ModelSource> {
  const server = createServer((request, response) => {
    requests.push(request);
    answers[Math.min(requests.length, answers.length) - 1]?.(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  close = () => {
    server.closeAllConnections();
    server.close();
  };
  return nodeModels({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    cache,
    pause: () => Promise.resolve(),
  });
}

const whole = (response: ServerResponse): void => {
  response.setHeader("content-length", content.length).setHeader("etag", '"v1"').end(content);
};
/** Sends a third and closes the connection. */
const broken = (response: ServerResponse): void => {
  response.setHeader("content-length", content.length).setHeader("etag", '"v1"');
  response.write(content.subarray(0, 100_000), () => setTimeout(() => response.destroy(), 50));
};
const status =
  (code: number) =>
  (response: ServerResponse): void => {
    response.writeHead(code).end("no");
  };
const files = (): string[] =>
  readdirSync(cache, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [entry.name] : [],
  );

/** Compares bytes, much faster than `toEqual`. */
function expectContent(bytes: Uint8Array | undefined): void {
  expect(bytes && content.equals(bytes)).toBe(true);
}

describe("models of a hub", () => {
  it("are downloaded once and stored, from the addresses of the hub", async () => {
    const models = await hub(whole);
    expectContent(await models.read(place, "onnx/model.onnx", 1e6));
    expect(requests[0]?.url).toBe("/owner/model/resolve/refs%2Fpr%2F1/onnx/model.onnx");
    expectContent(await models.read(place, "onnx/model.onnx", 1e6));
    expect([requests.length, files()]).toEqual([1, ["model.onnx"]]);
  });

  it("continue after a broken connection", async () => {
    const models = await hub(broken, (response, request) => {
      const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1]);
      expect(request.headers["if-range"]).toBe('"v1"');
      response
        .writeHead(206, { "content-length": content.length - from, etag: '"v1"' })
        .end(content.subarray(from));
    });
    expectContent(await models.read(place, "model.onnx", 1e6));
    expect([requests.length, requests[1]?.headers.range]).toEqual([2, "bytes=100000-"]);
  });

  it("start again if the file changed in between, or if the server has no ranges", async () => {
    const models = await hub(broken, whole);
    expectContent(await models.read(place, "model.onnx", 1e6));
  });

  it("are requested again after a server's failure, three times in all", async () => {
    expectContent(await (await hub(status(503), status(429), whole)).read(place, "model.onnx", 1e6));
    close();
    requests = [];
    const failing = await hub(status(500));
    await expectRejection(
      failing.read(place, "other.onnx", 1e6),
      "media.not-found",
      /other\.onnx of owner\/model .* the server answered 500/,
    );
    expect(requests.length).toBe(3);
  });

  it("leave nothing behind if they cannot be downloaded", async () => {
    await expectRejection(
      (await hub(broken)).read(place, "model.onnx", 1e6),
      "media.not-found",
      /cannot be downloaded from http:/,
    );
    expect(files()).toEqual([]);
  });

  it("are absent if the hub says so, which is remembered", async () => {
    const models = await hub(status(404));
    expect(await models.read(place, "config.json", 1e6)).toBeUndefined();
    expect(await models.read(place, "config.json", 1e6)).toBeUndefined();
    expect(requests.length).toBe(1);
  });

  it("are refused at once when they are private", async () => {
    await expectRejection(
      (await hub(status(401))).read(place, "model.onnx", 1e6),
      "media.not-found",
      /the server answered 401/,
    );
    expect(requests.length).toBe(1);
  });

  it("are refused above the limit, announced or not", async () => {
    await expectRejection(
      (await hub(whole)).read(place, "model.onnx", 299_999),
      "media.too-large",
      /larger than the limit of 299999 bytes/,
    );
    close();
    const endless = await hub((response) => {
      response.write(content);
      response.end(content);
    });
    await expectRejection(endless.read(place, "other.onnx", 400_000), "media.too-large");
    expect(files()).toEqual([]);
  });

  it("say how to continue without a network", async () => {
    const models = nodeModels({ endpoint: "http://127.0.0.1:9", cache, pause: () => Promise.resolve() });
    await expect(models.read(place, "model.onnx", 1e6)).rejects.toMatchObject({
      code: "media.not-found",
      hint: expect.stringContaining("give folder=PATH") as string,
    });
  });
});

describe("models of a folder", () => {
  const folder = (): ModelPlace => ({ kind: "folder", folder: cache });

  it("are read, up to the limit", async () => {
    writeFileSync(join(cache, "model.onnx"), content);
    const models = nodeModels();
    expectContent(await models.read(folder(), "model.onnx", content.length));
    await expectRejection(
      models.read(folder(), "model.onnx", content.length - 1),
      "media.too-large",
      /has 300000 bytes, more than the limit of 299999/,
    );
    expect(await models.read(folder(), "onnx/model.onnx", 1)).toBeUndefined();
  });

  it("are not found without a folder, or with something else in place of the file", async () => {
    const models = nodeModels();
    await expectRejection(
      models.read({ kind: "folder", folder: join(cache, "no") }, "model.onnx", 1),
      "media.not-found",
      /no does not exist/,
    );
    mkdirSync(join(cache, "model.onnx"));
    await expectRejection(models.read(folder(), "model.onnx", 1e6), "media.not-found", /cannot be read/);
  });
});
