import type { Context } from "hono";
import type { z } from "@hono/zod-openapi";
import { ConfigError } from "../../core/errors.js";
import { zodIssue } from "../../core/zod-issue.js";

/**
 * Reads the query of a request, for routes whose answers are not JSON.
 * @throws ConfigError "config.invalid" for a bad parameter
 */
export function checkedQuery<Schema extends z.ZodType>(schema: Schema, context: Context): z.output<Schema> {
  const query = schema.safeParse(context.req.query());
  if (query.success) return query.data;
  throw new ConfigError("config.invalid", `query: ${zodIssue(query.error)}`, {
    hint: "See /openapi.json for the parameters.",
    cause: query.error,
  });
}
