import { IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { connect, Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createHttpServer } from "./connections.js";
import { readBytes } from "./read-body.js";

const LIMIT = 300_000;
/** Results of the requests: number and sum of the bytes, or the code of the error. */
let outcomes: string[] = [];
let server: Server;
let port = 0;

beforeAll(async () => {
  server = createHttpServer(async (request, { incoming }) => {
    try {
      const bytes = await readBytes(request, LIMIT, incoming);
      outcomes.push(`${bytes.length} ${bytes.reduce((sum, byte) => sum + byte, 0)}`);
    } catch (error) {
      outcomes.push(String((error as { code?: unknown }).code));
    }
    return new Response(outcomes.at(-1));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});
beforeEach(() => {
  outcomes = [];
});

/** Sends a request in pieces and ends the connection. */
async function send(length: number, pieces: readonly Uint8Array[]): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.resume();
  socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n`);
  for (const piece of pieces) {
    socket.write(piece);
    await sleep(20);
  }
  socket.end();
}

const ones = (length: number): Uint8Array => new Uint8Array(length).fill(1);

it.each([
  ["a small body", 5, [ones(5)], "5 5"],
  ["an empty body", 0, [], "0 0"],
  ["a body in pieces", 200_003, [ones(3), ones(100_000), ones(100_000)], "200003 200003"],
  ["a body of which the client sends only the start", 10, [ones(4)], "server.timeout"],
  ["a body over the limit", LIMIT + 1, [ones(4)], "server.too-large"],
])("reads %s from a socket", async (_, length, pieces, outcome) => {
  await send(length, pieces);
  await expect.poll(() => outcomes).toEqual([outcome]);
});

it("reads bodies one after another from one connection", async () => {
  for (const length of [7, 100_000, 2]) {
    const response = await fetch(`http://127.0.0.1:${port}`, {
      method: "POST",
      body: new Uint8Array(ones(length)),
    });
    expect(await response.text()).toBe(`${length} ${length}`);
  }
});

/** Returns a request as Node has it, and what the server makes of it. */
function stating(length: number): { readonly incoming: IncomingMessage; readonly request: Request } {
  const incoming = new IncomingMessage(new Socket());
  const headers = { "content-length": String(length) };
  return { incoming, request: new Request("http://localhost", { method: "POST", headers }) };
}

it("takes memory for the bytes that arrive, not for the length that the header states", async () => {
  const { incoming, request } = stating(2 ** 52);
  const bytes = readBytes(request, Infinity, incoming);
  incoming.push(Buffer.from(ones(2)));
  incoming.push(Buffer.from(ones(1)));
  incoming.push(null);
  expect(await bytes).toEqual(ones(3));
});

it("does not wait for a request that was closed before", async () => {
  const { incoming, request } = stating(5);
  const closed = new Promise((resolve) => incoming.once("close", resolve));
  incoming.destroy();
  await closed;
  await expect(readBytes(request, LIMIT, incoming)).rejects.toMatchObject({ code: "server.timeout" });
});
