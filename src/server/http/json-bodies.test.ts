import { Hono } from "hono";
import { expect, it } from "vitest";
import { errorTextOf, problemAnswer } from "./problem.js";
import { readJsonBodies } from "./json-bodies.js";

const app = new Hono()
  .use(readJsonBodies(20))
  .post("/v1/keys", async ({ req, json }) => json({ got: await req.json<unknown>() }))
  .post("/v1/models", ({ req, text }) => text(req.header("content-type") ?? ""))
  .post("/v1/jobs", async ({ req, text }) => text(await req.text()))
  .onError((error) => problemAnswer(errorTextOf(error)));

async function send(path: string, body: string, headers: Readonly<Record<string, string>> = {}) {
  const response = await app.request(path, {
    method: "POST",
    body,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
  });
  const text = await response.text();
  return { status: response.status, text, code: /"code":"([\w.-]+)"/.exec(text)?.[1] };
}

it("gives routes the body that it has checked", async () => {
  expect(await send("/v1/keys", '{"name":"a"}')).toMatchObject({ text: '{"got":{"name":"a"}}' });
});

it("hides parameters of the type, which schemas may not know", async () => {
  const odd = { "content-type": "application/json; x" };
  expect(await send("/v1/models", "3", odd)).toMatchObject({ status: 200, text: "application/json" });
});

it.each([
  ["a body over the limit", '{"name":"aaaaaaaaaaaaaaa"}', {}, 413, "server.too-large"],
  ["a body that is not JSON", '{"name":', {}, 400, "data.format"],
  ["an empty body", "", {}, 400, "data.format"],
  ["a key that occurs twice", '{"a":1,"a":2}', {}, 400, "data.format"],
  ["another type", "a", { "content-type": "text/plain" }, 415, "server.media-type"],
  ["a compressed body", "a", { "content-encoding": "gzip" }, 415, "server.media-type"],
])("refuses %s", async (_, body, headers, status, code) => {
  expect(await send("/v1/keys", body, headers)).toMatchObject({ status, code });
});

it("leaves the bodies of other routes alone, unless they are compressed", async () => {
  expect(await send("/v1/jobs", "any text, of any length")).toMatchObject({ status: 200 });
  expect(await send("/v1/jobs", "a", { "content-encoding": "gzip" })).toMatchObject({ status: 415 });
});
