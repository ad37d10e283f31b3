import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { errorOf } from "../core/testing/error-of.js";
import { toyDataset } from "../data/testing/toy-dataset.js";
import { Predictor } from "../predict/predictor.js";
import { train, type TrainedRun } from "../train/train.js";
import { fetchWeights } from "./fetch-weights.js";

const folder = mkdtempSync(join(tmpdir(), "euar-fetch-"));
const file = join(folder, "run", "weights.safetensors");
const sample = { text: [1, 2, 3, 4, 5, 6] };
let run: TrainedRun;
let bytes: Buffer;
let server: Server | undefined;

beforeAll(async () => {
  const request = { model: { name: "linear" }, train: { epochs: 1 }, out: join(folder, "run") } as const;
  run = await train(request, toyDataset());
  bytes = readFileSync(file);
});
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Address of a local server. */
async function served(answer: RequestListener): Promise<URL> {
  const started = createServer(answer);
  server = started;
  await new Promise<void>((resolve) => {
    started.listen(0, "127.0.0.1", resolve);
  });
  const address = started.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return new URL(`http://127.0.0.1:${address.port}/weights.safetensors`);
}

describe("weights from a URL", () => {
  it("predict like those from disk, for every kind of URL", async () => {
    const url = await served((_, response) => response.end(bytes));
    const data = `data:application/octet-stream;base64,${bytes.toString("base64")}`;
    for (const place of [
      url,
      url.href,
      new URL(data),
      pathToFileURL(file),
      pathToFileURL(join(folder, "run")),
    ]) {
      const predictor = await Predictor.load(place);
      expect(predictor.predict(sample)).toEqual(run.model.predict(sample));
    }
  });

  it("are refused with the server's answer", async () => {
    const url = await served((_, response) => response.writeHead(404).end());
    const error = await errorOf(Predictor.load(url));
    expect(error.code).toBe("checkpoint.format");
    expect(error.message).toBe(`${url.href}: the server answered 404`);
  });

  it("are refused at once if they are an endless web page", async () => {
    const url = await served((_, response) => response.write("<!doctype html><title>Sign in</title>"));
    expect((await errorOf(Predictor.load(url))).code).toBe("checkpoint.format");
  });

  it("are refused if they are cut short, or if the connection breaks", async () => {
    const short = await served((_, response) => response.end(bytes.subarray(0, 1000)));
    expect((await errorOf(Predictor.load(short))).code).toBe("checkpoint.format");
    const broken = await served((_, response) => {
      response.writeHead(200, { "content-length": bytes.length });
      response.write(bytes.subarray(0, 1000), () => response.destroy());
    });
    expect((await errorOf(Predictor.load(broken))).code).toBe("checkpoint.format");
  });

  it("are given up if no more data arrive", async () => {
    const url = await served((_, response) => response.write(bytes.subarray(0, 1000)));
    const error = await errorOf(fetchWeights(url, 100));
    expect(error.message).toContain("nothing arrived for 0.1 seconds");
  });

  it("are refused without a server", async () => {
    const url = await served((_, response) => response.end());
    server?.close();
    const error = await errorOf(Predictor.load(url));
    expect(error).toMatchObject({ code: "checkpoint.format" });
    expect(error.message).toContain("ECONNREFUSED");
  });
});
