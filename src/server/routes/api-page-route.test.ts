import { beforeAll, expect, it } from "vitest";
import { documentSchema } from "../api-page/openapi-document.js";
import { createApp } from "../app.js";
import { toyModel, type ToyServer, toyServer } from "../testing/toy-server.js";

let server: ToyServer;
let page: string;
beforeAll(async () => {
  server = await toyServer(await toyModel());
  page = await (await server.app.request("/api")).text();
});

it("shows every route of the OpenAPI document, with its parameters and responses", async () => {
  const document = documentSchema.parse(await (await server.app.request("/openapi.json")).json());
  const text = page
    .replaceAll("<wbr>", "")
    .replaceAll(/<[^>]+>/g, " ")
    .replaceAll("&quot;", '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(methods)) {
      const name = `${method.toUpperCase()} ${path}`;
      const texts = [operation.summary, ...Object.values(operation.responses).map((one) => one.description)];
      if (operation.parameters.length > 0) texts.push(`Parameters of ${name}`);
      for (const expected of [name, ...texts]) expect(text).toContain(expected);
    }
  for (const name of Object.keys(document.components.schemas)) expect(page).toContain(`id="schema-${name}"`);
});

it("has links that lead to something, unique ids, and no scripts", () => {
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const targets = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
  expect(targets.filter((id) => !ids.includes(id))).toEqual([]);
  expect(page).not.toMatch(/<script|https?:\/\/(?!127\.0\.0\.1)/);
});

it("is a page with the security policy of pages", async () => {
  const { headers } = await server.app.request("/api");
  expect(headers.get("content-type")).toContain("text/html");
  expect(headers.get("content-security-policy")).toContain("default-src 'none'; script-src 'self'");
});

it("has commands that a shell reads as one word per value", () => {
  expect(page).toContain("curl -s http://127.0.0.1:8765/v1/models/NAME");
  expect(page).toContain("-X DELETE http://127.0.0.1:8765/v1/predictions/ID");
  expect(page).toContain("-d '{&quot;label&quot;:0.5}'");
  expect(page).not.toContain("EUAR_KEY");
});

it("needs a key if the server does", async () => {
  const app = createApp(server.services, { requiresKeys: true });
  expect((await app.request("/api")).status).toBe(401);
});
