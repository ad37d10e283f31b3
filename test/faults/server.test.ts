import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { randomKey, uniformAt } from "../../src/core/random.js";
import { openDatabase } from "../../src/server/store/database.js";
import { startedServer, type StartedServer } from "../running-server.js";
import { until } from "../within.js";
import { pictureBomb } from "./picture-bomb.js";
import { readDocument } from "./read-document.js";
import { type Confirmed, endOfJob, exported, sendUntilItEnds } from "./load.js";
import { randomRequests } from "./random-requests.js";
import { picture, trainOnPictures, WIDTH } from "./served-run.js";
import { openSocket, type OpenSocket, sendBody } from "./sockets.js";

/** `npm run test:faults` sets this: more of everything, and what takes longer. */
const isLong = process.env["EUAR_FAULTS"] === "long";
const KILLS = isLong ? 20 : 2;
const HALF_OPEN = isLong ? 1000 : 200;
const GIB = 2 ** 30;
/** Milliseconds that the kills may take on a busy machine. */
const LONGEST = 3_000_000;

const folder = mkdtempSync(join(tmpdir(), "euar-faults-"));
beforeAll(async () => {
  await trainOnPictures(folder);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Prints a line of the protocol of `npm run test:faults`. */
function note(line: string): void {
  if (isLong) console.log(`faults: ${line}`);
}

const features = { rgb: Array<number>(WIDTH).fill(1) };
const score = (url: string, body: unknown = { features }): Promise<Response> =>
  fetch(`${url}/v1/predictions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

it(
  `kill -9 under load, ${KILLS} times: nothing that was confirmed is lost`,
  async () => {
    const args = ["--model", "run", "--store", "killed-store"];
    const confirmed: Confirmed = { predictions: new Set(), corrections: new Map(), jobs: new Set() };
    const delays = randomKey(1, "kills");
    for (let kill = 0; kill < KILLS; kill++) {
      const server = await startedServer(args, folder);
      const load = sendUntilItEnds(server.url, confirmed);
      // at least one job ends, so that no job is the first one of three servers
      const known = confirmed.jobs.size;
      await until("an accepted job", () => confirmed.jobs.size > known);
      const first = [...confirmed.jobs][known] ?? "";
      await Promise.race([endOfJob(server.url, first), sleep(3000)]);
      await sleep(500 * uniformAt(delays, kill));
      expect(await server.stop("SIGKILL")).toBeNull();
      await load;
    }
    const server = await startedServer(args, folder);
    const states = new Map<string, number>();
    for (const id of confirmed.jobs) {
      const { state, result } = await endOfJob(server.url, id);
      states.set(state, (states.get(state) ?? 0) + 1);
      if (state === "done") expect(result).toHaveProperty("prediction");
    }
    expect([...states]).toEqual([["done", confirmed.jobs.size]]);
    const rows = new Map((await exported(server.url)).map((row) => [row.id, row]));
    for (const id of confirmed.predictions) expect(rows.get(id)?.prediction).toHaveProperty("verdict");
    expect(confirmed.corrections.size).toBeGreaterThan(0);
    for (const [id, correction] of confirmed.corrections)
      expect(rows.get(id)?.correction).toMatchObject(correction);
    const { jobs: all } = (await (await fetch(`${server.url}/v1/jobs`)).json()) as { jobs: { id: string }[] };
    for (const { id } of all) await endOfJob(server.url, id); // also those that no client knows
    expect(await server.stop("SIGTERM")).toBe(0);
    const database = openDatabase(join(folder, "killed-store", "euar.db"));
    expect(database.all("PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }]);
    database.close();
    expect(readdirSync(join(folder, "killed-store", "uploads"))).toEqual([]);
    const { predictions, corrections, jobs } = confirmed;
    note(
      `${KILLS} kills: ${predictions.size} predictions, ${corrections.size} corrections and ` +
        `${jobs.size} jobs were confirmed, none is lost; the database is whole; no upload is left`,
    );
  },
  LONGEST,
);

describe("a server that is treated badly", () => {
  let server: StartedServer;
  beforeAll(async () => {
    server = await startedServer(["--model", "run", "--no-store", "--max-json", "1"], folder);
  });
  afterAll(async () => {
    expect(await server.stop("SIGTERM")).toBe(0);
    expect(server.stderr()).not.toMatch(/error|exception/i);
  });

  it(`answers others while ${HALF_OPEN} connections are half open, and closes them`, async () => {
    const start = "POST /v1/predictions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-";
    const open: OpenSocket[] = [];
    for (let i = 0; i < HALF_OPEN; i++) open.push(await openSocket(server.url, i % 2 === 0 ? "" : start));
    const began = performance.now();
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    expect((await score(server.url)).status).toBe(200);
    note(`${HALF_OPEN} half-open connections: /healthz and a prediction in ${since(began)} ms`);
    if (isLong) {
      const texts = await Promise.all(open.map(({ closed }) => closed));
      expect(texts.filter((text) => text.includes("408 Request Timeout"))).not.toEqual([]);
      note(`the server closed all ${HALF_OPEN} after ${since(began)} ms`);
    } else for (const { socket } of open) socket.destroy();
  });

  it.runIf(isLong)("closes slow-loris connections, which send a byte now and then", async () => {
    const open = await Promise.all(
      Array.from({ length: 50 }, () => openSocket(server.url, "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ")),
    );
    const drip = setInterval(() => {
      for (const { socket } of open) socket.write("x");
    }, 500);
    const began = performance.now();
    const texts = await Promise.all(open.map(({ closed }) => closed));
    clearInterval(drip);
    expect(since(began)).toBeLessThan(30_000);
    expect(texts.every((text) => text === "" || text.includes("408"))).toBe(true);
    note(`50 slow-loris connections were closed after ${since(began)} ms`);
  });

  it.each([
    ["stated", "/v1/predictions", `Content-Length: ${2 * GIB}`],
    ["in chunks", "/v1/predictions", "Transfer-Encoding: chunked"],
    ["for another route", "/v1/keys", "Transfer-Encoding: chunked"],
    ["as a form", "/v1/jobs", `Content-Length: ${2 * GIB}`],
  ])("refuses a body of 2 GiB early: %s", async (_, path, length) => {
    const type = path === "/v1/jobs" ? "multipart/form-data; boundary=x" : "application/json";
    const headers = `Content-Type: ${type}\r\n${length}`;
    const { status, text, sent } = await sendBody(server.url, { path, headers, bytes: 2 * GIB });
    expect(status).toBe(413);
    expect(text).toContain("server.too-large");
    // the server discards for half a second what the client still sends, so that it reads the response
    expect(sent).toBeLessThan(1.75 * GIB);
    note(`2 GiB to ${path} (${length.slice(0, 30)}): 413 after ${(sent / 2 ** 20).toFixed(1)} MiB`);
  });

  it("refuses compressed bodies, and a picture that unpacks to too many pixels", async () => {
    const packed = gzipSync(Buffer.alloc(2 ** 26, " "));
    const response = await fetch(`${server.url}/v1/predictions`, {
      method: "POST",
      headers: { "content-type": "application/json", "content-encoding": "gzip" },
      body: new Uint8Array(packed),
    });
    expect([response.status, await response.text()]).toEqual([
      415,
      expect.stringContaining("server.media-type"),
    ]);
    const bomb = pictureBomb(20_000);
    const body = new FormData();
    body.append("image", new Blob([new Uint8Array(bomb)]), "bomb.png");
    const answer = await fetch(`${server.url}/v1/predictions`, { method: "POST", body });
    expect([answer.status, await answer.text()]).toEqual([413, expect.stringContaining("media.too-large")]);
    note(`a PNG of ${bomb.byteLength} bytes with 400 million pixels: 413`);
  });

  it.runIf(isLong)("answers 500 random requests over its socket", async () => {
    const { operations, schemas } = readDocument(await (await fetch(`${server.url}/openapi.json`)).json());
    // a random body could start a training
    const safe = operations.filter(({ path, method }) => method !== "post" || !/runs|experiments/.test(path));
    const requests = fc.sample(randomRequests(safe, schemas), { seed: 7, numRuns: 500 });
    const statuses = new Map<number, number>();
    for (const { operation, url, contentType, body } of requests) {
      const response = await fetch(`${server.url}${url}`, {
        method: operation.method.toUpperCase(),
        redirect: "manual",
        headers: contentType === undefined ? {} : { "content-type": contentType },
        ...(body !== undefined && { body }),
      });
      await response.body?.cancel();
      expect(Object.keys(operation.responses), url).toContain(String(response.status));
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
    }
    note(`500 random requests: statuses ${[...statuses].map(([s, n]) => `${s}: ${n}`).join(", ")}`);
  });

  it("still predicts, and ends while connections are half open", async () => {
    const other = await startedServer(["--model", "run", "--no-store"], folder);
    const open = await openSocket(other.url, "GET / HTTP/1.1\r\n");
    const began = performance.now();
    expect(await other.stop("SIGTERM")).toBe(0);
    await open.closed;
    note(`SIGTERM with a half-open connection: ended after ${since(began)} ms`);
    const response = await score(server.url);
    expect(response.status).toBe(200);
    expect(await response.json()).toHaveProperty("verdict");
    // a request without a body has a stream over a socket, but none without one
    expect((await fetch(`${server.url}/v1/jobs/none`, { method: "DELETE" })).status).toBe(404);
    expect((await fetch(`${server.url}/v1/models`, { method: "POST" })).status).toBe(400);
  });
});

/** Mounts a small disk, which needs rights that only some machines give. */
function smallDisk(): string | undefined {
  const disk = join(folder, "disk");
  mkdirSync(disk);
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", "size=3m", "tmpfs", disk]);
  return status === 0 ? disk : undefined;
}

it.runIf(isLong)("a full disk: 507, and nothing that was confirmed is lost", async () => {
  const disk = smallDisk();
  if (disk === undefined) {
    console.warn("Skipped: this user cannot mount a small disk.");
    return;
  }
  try {
    const store = join(disk, "store");
    const server = await startedServer(["--model", "run", "--store", store], folder);
    const stored: string[] = [];
    let status = 200;
    while (status === 200) {
      const response = await score(server.url, { id: "i".repeat(2000), features });
      ({ status } = response);
      const body = (await response.json()) as Record<string, string>;
      if (status === 200) stored.push(body["stored"] ?? "");
      else expect(body["code"]).toBe("server.storage-full");
    }
    expect(status).toBe(507);
    const image = new FormData();
    image.append("image", new Blob([new Uint8Array(await picture(1)), new Uint8Array(2 ** 22)]));
    const job = await fetch(`${server.url}/v1/jobs`, { method: "POST", body: image });
    expect(job.status).toBe(507);
    await sleep(1000); // the server closes the connection of the upload that it did not read to the end
    const kept = new Set((await exported(server.url)).map(({ id }) => id));
    expect(stored.filter((id) => !kept.has(id))).toEqual([]);
    expect(await server.stop("SIGKILL")).toBeNull();
    spawnSync("mount", ["-o", "remount,size=32m", disk]);
    const next = await startedServer(["--model", "run", "--store", store], folder);
    const after = new Set((await exported(next.url)).map(({ id }) => id));
    expect(stored.filter((id) => !after.has(id))).toEqual([]);
    expect((await score(next.url)).status).toBe(200);
    expect(await next.stop("SIGTERM")).toBe(0);
    note(`a full disk: 507 after ${stored.length} predictions, all of which were kept`);
  } finally {
    spawnSync("umount", ["--lazy", disk]);
  }
});

function since(start: number): number {
  return Math.round(performance.now() - start);
}
