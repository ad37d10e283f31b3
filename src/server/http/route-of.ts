import type { Context } from "hono";
import { matchedRoutes } from "hono/route";

/** Returns the path of a request's route, such as /v1/runs/:name. "other" for a request without one. */
export function routeOf(context: Context): string {
  return matchedRoutes(context).find(({ path }) => !path.endsWith("*"))?.path ?? "other";
}
