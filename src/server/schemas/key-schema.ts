import { z } from "@hono/zod-openapi";
import { SCOPES } from "../keys/scopes.js";

const scopes = z
  .array(z.enum(SCOPES))
  .min(1)
  .describe("permissions of the key; train includes read, admin includes everything");
const rate = z.int().min(1).max(1_000_000).describe("largest number of requests per minute");

export const keySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    scopes,
    rate: rate.nullable(),
    created: z.string().describe("ISO 8601"),
  })
  .openapi("Key");

export const keyListSchema = z.object({ keys: z.array(keySchema) }).openapi("KeyList");

export const newKeySchema = z
  .strictObject({
    name: z.string().describe("1 to 64 letters, digits, dots, - and _"),
    scopes,
    rate: rate.nullish(),
  })
  .openapi("KeyRequest", { example: { name: "support", scopes: ["predict"], rate: 600 } });

export const auditRowSchema = z
  .object({
    time: z.string().describe("ISO 8601"),
    key: z.string().nullable().describe("name of the key; null for a request without a known one"),
    method: z.string(),
    route: z.string().describe('path without parameters; "refused" for a refused request'),
    status: z.int(),
  })
  .openapi("AuditRow");

export const auditListSchema = z
  .object({
    requests: z.array(auditRowSchema),
    next: z.int().nullable().describe("value of `before` for the next page; null on the last one"),
  })
  .openapi("AuditList");
