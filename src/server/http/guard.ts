import type { MiddlewareHandler } from "hono";
import { ServerError } from "../../core/errors.js";
import { problemAnswer } from "./problem.js";

/**
 * Refuses requests that a web page of another site makes. A browser sends them without asking, also to a
 * server on this machine. Programs that are not browsers send neither header.
 *
 * @param hosts names that the Host header may have, without port. Undefined: any. A page that rebinds its
 * name to this machine's address has another Host.
 */
export function refuseOtherSites(hosts: ReadonlySet<string> | undefined): MiddlewareHandler {
  return async (context, next) => {
    const { headers } = context.req.raw;
    const host = headers.get("host") ?? new URL(context.req.url).host;
    const origin = headers.get("origin");
    const site = headers.get("sec-fetch-site");
    if (hosts && !hosts.has(hostName(host))) return refusal(`the host is ${host}`);
    if (origin !== null && hostOf(origin) !== host) return refusal(`the origin is ${origin}`);
    if (site === "cross-site" && context.req.method !== "GET") return refusal("another site sent it");
    return next();
  };
}

function refusal(found: string): Response {
  return problemAnswer(
    new ServerError("server.forbidden", `requests of other sites are refused; ${found}`, {
      hint: "Open the server under the address that it printed.",
    }),
  );
}

function hostName(host: string): string {
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : "";
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
