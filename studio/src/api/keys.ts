import type { z } from "@hono/zod-openapi";
import type { keyListSchema, newKeySchema } from "../../../src/server/schemas/key-schema.js";
import { request, requestJson } from "./request.js";

export type Key = z.infer<typeof keyListSchema>["keys"][number];
export type NewKey = z.infer<typeof newKeySchema>;

/** @throws RequestError */
export async function listKeys(): Promise<readonly Key[]> {
  return ((await requestJson("v1/keys")) as z.infer<typeof keyListSchema>).keys;
}

/**
 * Makes a key. Returns its secret, which cannot be read again.
 * @throws RequestError
 */
export async function addKey(key: NewKey): Promise<string> {
  const made = await requestJson("v1/keys", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(key),
  });
  return (made as { readonly secret: string }).secret;
}

/** @throws RequestError */
export async function removeKey(name: string): Promise<void> {
  await request(`v1/keys/${encodeURIComponent(name)}`, { method: "DELETE" });
}
