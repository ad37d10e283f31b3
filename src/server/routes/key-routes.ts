import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { linesAnswer } from "../http/lines-answer.js";
import {
  auditListSchema,
  auditRowSchema,
  keyListSchema,
  keySchema,
  newKeySchema,
} from "../schemas/key-schema.js";
import { jsonBodyProblems, problems } from "../schemas/problem-schema.js";
import type { Services } from "../services.js";
import type { AuditRow } from "../store/rows.js";

const tags = ["keys"];
const json = <Schema extends z.ZodType>(schema: Schema, description: string) =>
  ({ description, content: { "application/json": { schema } } }) as const;

const listRoute = createRoute({
  method: "get",
  path: "/v1/keys",
  tags,
  summary: "Lists the keys, without their secrets",
  responses: { 200: json(keyListSchema, "keys") },
});
const addRoute = createRoute({
  method: "post",
  path: "/v1/keys",
  tags,
  summary: "Makes a key. Its secret is in this answer only",
  request: { body: { required: true, content: { "application/json": { schema: newKeySchema } } } },
  responses: {
    201: json(keySchema.extend({ secret: z.string() }).openapi("NewKey"), "the key and its secret"),
    ...problems({ 400: "a bad name or scope", 409: "a name that another key has" }),
    ...jsonBodyProblems,
  },
});
const removeRoute = createRoute({
  method: "delete",
  path: "/v1/keys/{name}",
  tags,
  summary: "Removes a key. The next request that has it is refused",
  request: { params: z.object({ name: z.string() }) },
  responses: { 204: { description: "removed" }, ...problems({ 404: "no such key" }) },
});
const auditRoute = createRoute({
  method: "get",
  path: "/v1/audit",
  tags,
  summary: "Lists the rows of the audit log, latest first",
  request: {
    query: z.object({
      limit: z.coerce.number().int().min(1).max(1000).default(100),
      before: z.coerce.number().int().optional().describe("`next` of the page before"),
    }),
  },
  responses: { 200: json(auditListSchema, "a page"), ...problems({ 400: "a bad parameter" }) },
});
const exportRoute = createRoute({
  method: "get",
  path: "/v1/exports/audit",
  tags,
  summary: "Exports the audit log, as JSON lines",
  responses: {
    200: {
      description: "one row per line, latest first",
      content: { "application/x-ndjson": { schema: auditRowSchema } },
    },
  },
});

function shown({ time, key, method, route, status }: AuditRow): AuditRow {
  return { time, key, method, route, status };
}

/** Number of rows that an export reads at once. */
const PAGE = 1000;

/** Adds the routes of keys and of the audit log. */
export function addKeyRoutes(app: OpenAPIHono, { keys, audit, store }: Services): void {
  app.openapi(listRoute, (context) =>
    context.json({ keys: keys.list().map((key) => ({ ...key, scopes: [...key.scopes] })) }, 200),
  );
  app.openapi(addRoute, async (context) => {
    const { name, scopes, rate } = context.req.valid("json");
    const { info, secret } = await keys.add({ name, scopes, rate: rate ?? null });
    return context.json({ ...info, scopes: [...info.scopes], secret }, 201, { "cache-control": "no-store" });
  });
  app.openapi(removeRoute, async (context) => {
    await keys.remove(context.req.valid("param").name);
    return context.body(null, 204);
  });
  app.openapi(auditRoute, async (context) => {
    await audit.flush();
    const { limit, before } = context.req.valid("query");
    const rows = await store.ask("listAudit", { limit, before });
    const last = rows.length === limit ? rows.at(-1) : undefined;
    return context.json({ requests: rows.map(shown), next: last?.id ?? null }, 200);
  });
  app.openAPIRegistry.registerPath(exportRoute);
  app.get(exportRoute.path, async () => {
    await audit.flush();
    return linesAnswer(async (before: number | undefined) => {
      const rows = await store.ask("listAudit", { limit: PAGE, before });
      return { lines: rows.map(shown), next: rows.at(-1)?.id };
    });
  });
}
