import { beforeAll, expect, it } from "vitest";
import { createApp } from "../app.js";
import { Store } from "../store/store.js";
import { toyModel, type ToyServer, toyServer } from "../testing/toy-server.js";
import { Keys } from "./keys.js";
import { RateLimit } from "./rate-limit.js";

let server: ToyServer;
let secrets: Record<"predict" | "read" | "train" | "admin", string>;
let app: ToyServer["app"];

beforeAll(async () => {
  server = await toyServer(await toyModel());
  const { keys } = server.services;
  const secretOf = async (scope: keyof typeof secrets): Promise<string> =>
    (await keys.add({ name: scope, scopes: [scope], rate: null })).secret;
  secrets = {
    predict: await secretOf("predict"),
    read: await secretOf("read"),
    train: await secretOf("train"),
    admin: await secretOf("admin"),
  };
  app = createApp(server.services, { requiresKeys: true });
});

const status = async (method: string, path: string, secret?: string, body?: unknown): Promise<number> => {
  const headers = {
    ...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }),
    ...(body === undefined ? {} : { "content-type": "application/json" }),
  };
  const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  return (await app.request(path, init)).status;
};

it("refuses each route of the API without a known key, and leaves health and pages open", async () => {
  for (const { method, path } of server.app.routes) {
    if (method === "ALL" || ["*", "/*", "/healthz", "/readyz", "/sign-in"].includes(path)) continue;
    expect(await status(method, path), `${method} ${path}`).toBe(401);
    expect(await status(method, path, "euar_wrong"), `${method} ${path}`).toBe(401);
  }
  expect([await status("GET", "/healthz"), await status("GET", "/sign-in")]).toEqual([200, 200]);
  expect(await status("GET", "/v1/%6beys")).toBe(401);
  const answer = await app.request("/v1/models");
  expect(answer.headers.get("www-authenticate")).toBe("Bearer");
  expect(await answer.json()).toMatchObject({ code: "server.unauthorized", status: 401 });
});

it.each([
  ["GET", "/v1/models", ["predict", "read", "train", "admin"]],
  ["POST", "/v1/predictions", ["predict", "admin"]],
  ["PUT", "/v1/predictions/x/correction", ["predict", "admin"]],
  ["DELETE", "/v1/predictions/x", ["admin"]],
  ["PUT", "/v1/labels/x", ["predict", "admin"]],
  ["DELETE", "/v1/flags/x", ["predict", "admin"]],
  ["GET", "/v1/labels/x", ["read", "train", "admin"]],
  ["GET", "/v1/predictions", ["read", "train", "admin"]],
  ["GET", "/v1/jobs/x", ["predict", "read", "train", "admin"]],
  ["DELETE", "/v1/jobs/x", ["predict", "admin"]],
  ["GET", "/metrics", ["read", "train", "admin"]],
  ["POST", "/v1/runs", ["train", "admin"]],
  ["POST", "/v1/models", ["admin"]],
  ["GET", "/v1/keys", ["admin"]],
  ["GET", "/v1/exports/audit", ["admin"]],
] as const)("%s %s is for %j", async (method, path, allowed) => {
  for (const [scope, secret] of Object.entries(secrets)) {
    const isForbidden = (await status(method, path, secret, method === "GET" ? undefined : {})) === 403;
    expect(isForbidden, scope).toBe(!allowed.some((name) => name === scope));
  }
});

it("makes, lists and removes keys by its routes, and keeps no secret", async () => {
  const send = (method: string, path: string, body?: unknown) =>
    app.request(path, {
      method,
      headers: { authorization: `Bearer ${secrets.admin}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const made = await send("POST", "/v1/keys", { name: "one", scopes: ["read"], rate: 2 });
  const { secret } = (await made.json()) as { secret: string };
  expect([made.status, secret.length]).toEqual([201, 48]);
  expect((await send("POST", "/v1/keys", { name: "one", scopes: ["read"] })).status).toBe(409);
  expect((await send("POST", "/v1/keys", { name: "a b", scopes: ["read"] })).status).toBe(400);
  expect((await send("POST", "/v1/keys", { name: "b", scopes: [] })).status).toBe(400);
  const listed = await (await send("GET", "/v1/keys")).text();
  expect(listed).toContain('"name":"one"');
  expect(listed).not.toContain(secret);
  expect(JSON.stringify(await server.services.store.ask("listKeys", undefined))).not.toContain(secret);
  expect((await Keys.load(server.services.store)).find(secret)?.info).toMatchObject({ name: "one", rate: 2 });

  expect([await status("GET", "/metrics", secret), await status("GET", "/metrics", secret)]).toEqual([
    200, 200,
  ]);
  const limited = await app.request("/metrics", { headers: { authorization: `Bearer ${secret}` } });
  expect([limited.status, limited.headers.get("retry-after")]).toEqual([429, "30"]);
  expect((await send("DELETE", "/v1/keys/one")).status).toBe(204);
  expect((await send("DELETE", "/v1/keys/one")).status).toBe(404);
  expect(await status("GET", "/metrics", secret)).toBe(401);
});

it("records the key, the route and the status of each request, without content", async () => {
  const fresh = await toyServer(await toyModel(), { store: Store.openHere(":memory:") });
  const { secret } = await fresh.services.keys.add({ name: "one", scopes: ["admin"], rate: null });
  const guarded = createApp(fresh.services, { requiresKeys: true });
  const headers = { authorization: `Bearer ${secret}` };
  await guarded.request("/v1/models/secret-model", { headers });
  await guarded.request("/v1/models");
  await guarded.request("/healthz");
  const { requests } = (await (await guarded.request("/v1/audit", { headers })).json()) as {
    requests: unknown[];
  };
  const time = expect.any(String) as string;
  expect(requests).toEqual([
    { time, key: null, method: "GET", route: "refused", status: 401 },
    { time, key: "one", method: "GET", route: "/v1/models/:name", status: 404 },
  ]);
  const exported = (await (await guarded.request("/v1/exports/audit", { headers })).text())
    .trimEnd()
    .split("\n");
  expect(exported).toHaveLength(3);
  expect(await fresh.services.store.ask("prune", { before: "9999", bytes: null })).toBeGreaterThanOrEqual(3);
  expect(await fresh.services.store.ask("listAudit", { limit: 5 })).toEqual([]);
});

it("signs a browser in with a cookie that scripts cannot read", async () => {
  const signIn = (key: string) =>
    app.request("/sign-in", {
      method: "POST",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        host: "a.example",
        origin: "https://a.example",
      },
      body: new URLSearchParams({ key }).toString(),
    });
  const wrong = await signIn("euar_wrong");
  expect([wrong.status, wrong.headers.get("set-cookie")]).toEqual([401, null]);
  const right = await signIn(secrets.read);
  const cookie = right.headers.get("set-cookie") ?? "";
  expect([right.status, right.headers.get("location")]).toEqual([303, "/"]);
  for (const part of ["HttpOnly", "SameSite=Strict", "Secure", "Path=/"]) expect(cookie).toContain(part);
  const asked = await app.request("/metrics", { headers: { cookie: cookie.split(";")[0] ?? "" } });
  expect(asked.status).toBe(200);
  expect((await signIn("")).headers.get("set-cookie")).toContain("Max-Age=0");
});

it("sends no page headers with data", async () => {
  const data = await server.app.request("/v1/models");
  expect(data.headers.get("content-security-policy")).toBe("default-src 'none'; frame-ancestors 'none'");
  expect(data.headers.get("permissions-policy")).toBeNull();
  const page = await server.app.request("/sign-in");
  expect(page.headers.get("permissions-policy")).toContain("camera");
});

it("a limit of requests refills with time, up to a minute's requests", () => {
  const limit = new RateLimit(60);
  const taken = Array.from({ length: 61 }, () => limit.take(1000));
  expect([taken.filter((wait) => wait === 0).length, taken[60]]).toEqual([60, 1]);
  expect([limit.take(1500), limit.take(2000), limit.take(2000)]).toEqual([1, 0, 1]);
  expect(Array.from({ length: 61 }, () => limit.take(1e9)).filter((wait) => wait === 0)).toHaveLength(60);
});
