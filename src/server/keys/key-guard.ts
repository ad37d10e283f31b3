import type { Context, MiddlewareHandler } from "hono";
import { getCookie } from "hono/cookie";
import { ServerError } from "../../core/errors.js";
import { problemAnswer } from "../http/problem.js";
import { routeOf } from "../http/route-of.js";
import type { AuditLog } from "./audit-log.js";
import type { Keys, KnownKey } from "./keys.js";
import { neededScopes, type Scope } from "./scopes.js";

/** Cookie in which a browser keeps its key after /sign-in. */
export const KEY_COOKIE = "euar-key";

/** Requires a key with the needed scope for each request to the API, and writes the audit log. */
export function requireKey(keys: Keys, audit: AuditLog): MiddlewareHandler {
  return async (context, next) => {
    const { method, path } = context.req;
    const needed = neededScopes(method, path);
    if (needed === undefined) return next();
    const time = new Date().toISOString();
    const secret = secretOf(context);
    const key = secret === undefined ? undefined : keys.find(secret);
    const refused = refusalOf(secret, key, needed);
    if (refused === undefined) await next();
    const { status } = refused ?? context.res;
    const route = refused === undefined ? routeOf(context) : "refused";
    audit.add({ time, key: key?.info.name ?? null, method, route, status });
    return refused;
  };
}

/** Returns the secret of a request: of its Authorization header, or else of a browser's cookie. */
export function secretOf(context: Context): string | undefined {
  const header = context.req.header("authorization");
  if (header === undefined) return getCookie(context, KEY_COOKIE);
  return /^Bearer +(\S+) *$/i.exec(header)?.[1] ?? "";
}

function refusalOf(
  secret: string | undefined,
  key: KnownKey | undefined,
  needed: readonly Scope[],
): Response | undefined {
  if (!key)
    return problemAnswer(
      new ServerError(
        "server.unauthorized",
        secret === undefined ? "this request needs a key" : "the key is unknown",
        { hint: "Send the header Authorization: Bearer KEY. `euar keys add` makes keys." },
      ),
      { "www-authenticate": "Bearer" },
    );
  const { name, scopes, rate } = key.info;
  if (!needed.some((scope) => scopes.includes(scope)))
    return problemAnswer(
      new ServerError(
        "server.forbidden",
        `this request needs the scope ${needed.join(" or ")}; the key "${name}" has ${scopes.join(", ")}`,
        { hint: "Use a key with that scope." },
      ),
    );
  const wait = key.limit?.take(performance.now()) ?? 0;
  if (wait === 0) return undefined;
  return problemAnswer(
    new ServerError("server.rate-limit", `the key "${name}" may send ${String(rate)} requests per minute`, {
      hint: "Repeat the request after the seconds in Retry-After.",
    }),
    { "retry-after": String(wait) },
  );
}
