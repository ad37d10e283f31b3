import { IncomingMessage, type Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import type { Context } from "hono";
import { isRecord } from "../../core/is-record.js";

/** Milliseconds in which a client must send the headers of a request. */
const HEADERS = 10_000;
/** Milliseconds in which a client must send a complete request. */
const REQUEST = 600_000;
/** Milliseconds between two checks of these limits. */
const CHECK = 2_000;
/** Milliseconds that open connections have to end after the last request was answered. */
const GRACE = 2_000;

/** Request as Node has it. */
export interface NodeRequest {
  readonly incoming?: IncomingMessage;
}

/** Returns the request as Node has it. Undefined if a route is called without a socket. */
export function incomingOf(context: Context): IncomingMessage | undefined {
  const env: unknown = context.env;
  return isRecord(env) && env["incoming"] instanceof IncomingMessage ? env["incoming"] : undefined;
}

/** Function that answers requests. */
type Fetch = (request: Request, node: NodeRequest) => Response | Promise<Response>;

/**
 * Returns a server of HTTP that closes connections of clients that send their headers, or their complete
 * request, too slowly. Otherwise, such clients could hold all connections.
 */
export function createHttpServer(fetch: Fetch): Server {
  const limits = {
    headersTimeout: HEADERS,
    requestTimeout: REQUEST,
    connectionsCheckingInterval: CHECK,
    keepAliveTimeout: HEADERS,
  };
  return createAdaptorServer({
    fetch: (request, { incoming }) => fetch(request, incoming instanceof IncomingMessage ? { incoming } : {}),
    serverOptions: limits,
  }) as Server;
}

/**
 * Accepts no more connections, waits for `work`, and ends. Then it closes connections that are still open: of
 * clients that have not sent a complete request, or that still listen to events.
 */
export async function closeServer(server: Server, work: () => Promise<void>): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  await work();
  server.closeIdleConnections();
  const late = setTimeout(() => {
    server.closeAllConnections();
  }, GRACE);
  await closed;
  clearTimeout(late);
}
