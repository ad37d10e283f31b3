import type { MiddlewareHandler } from "hono";
import { ServerError } from "../../core/errors.js";
import { problemAnswer } from "./problem.js";

/**
 * Refuses requests from web pages of other sites. A browser sends such requests without the user's consent,
 * even to a server on this machine. Programs that are not browsers do not send these headers.
 *
 * @param hosts allowed names in the Host header, without port. Undefined: any name. A page that rebinds its
 * name to this machine's address sends another name.
 */
export function refuseOtherSites(hosts: ReadonlySet<string> | undefined): MiddlewareHandler {
  let allowed: string | undefined; // the last one; to parse the same name for each request takes time
  return async (context, next) => {
    const { headers } = context.req.raw;
    const host = headers.get("host") ?? new URL(context.req.url).host;
    const origin = headers.get("origin");
    const site = headers.get("sec-fetch-site");
    if (hosts && host !== allowed && !hosts.has(hostName(host))) return refusal(`the host is ${host}`);
    allowed = host;
    if (origin !== null && hostOf(origin) !== host) return refusal(`the origin is ${origin}`);
    if (site === "cross-site" && context.req.method !== "GET") return refusal("another site sent it");
    return next();
  };
}

function refusal(found: string): Response {
  return problemAnswer(
    new ServerError("server.forbidden", `requests from other sites are refused; ${found}`, {
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
