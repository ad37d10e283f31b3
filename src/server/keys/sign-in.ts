import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute, z } from "@hono/zod-openapi";
import { setCookie } from "hono/cookie";
import { ConfigError } from "../../core/errors.js";
import { readText } from "../http/read-body.js";
import { problems } from "../schemas/problem-schema.js";
import type { Keys } from "./keys.js";
import { KEY_COOKIE } from "./key-guard.js";

const path = "/sign-in";
const html = (description: string) =>
  ({ description, content: { "text/html": { schema: z.string() } } }) as const;

const pageRoute = createRoute({
  method: "get",
  path,
  tags: ["keys"],
  summary: "Page that asks for a key",
  responses: { 200: html("the page") },
});
const signInRoute = createRoute({
  method: "post",
  path,
  tags: ["keys"],
  summary: "Keeps a key in a cookie of the browser. Without a key, the cookie is deleted",
  request: {
    body: {
      required: true,
      content: { "application/x-www-form-urlencoded": { schema: z.object({ key: z.string().optional() }) } },
    },
  },
  responses: {
    303: { description: "signed in; leads to the first page" },
    401: html("an unknown key"),
    ...problems({ 400: "a body that is no form", 413: "a body over the limit" }),
  },
});

/** Largest form, in bytes. */
const LARGEST = 4096;
const THIRTY_DAYS = 30 * 24 * 3600;

/** Adds the page on which a person gives a key to the browser. It works without scripts. */
export function addSignIn(app: OpenAPIHono, keys: Keys): void {
  app.openAPIRegistry.registerPath(pageRoute);
  app.openAPIRegistry.registerPath(signInRoute);
  app.get(path, () => page("", 200));
  app.post(path, async (context) => {
    const type = context.req.header("content-type") ?? "";
    if (!type.startsWith("application/x-www-form-urlencoded"))
      throw new ConfigError("config.invalid", `${path}: a form was expected, found ${JSON.stringify(type)}`, {
        hint: "Send Content-Type: application/x-www-form-urlencoded.",
      });
    const secret = new URLSearchParams(await readText(context.req.raw, LARGEST)).get("key")?.trim() ?? "";
    if (secret !== "" && !keys.find(secret)) return page("This key is unknown.", 401);
    const secure = context.req.header("origin")?.startsWith("https:") === true;
    const maxAge = secret === "" ? 0 : THIRTY_DAYS;
    setCookie(context, KEY_COOKIE, secret, { httpOnly: true, sameSite: "Strict", path: "/", maxAge, secure });
    return context.redirect("/", 303);
  });
}

const STYLE =
  ":root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}body{max-width:24rem;margin:15vh auto;" +
  "padding:0 1rem}label,input,button{display:block;width:100%;box-sizing:border-box;font:inherit}" +
  "input,button{margin-top:.5rem;padding:.5rem}";

function page(problem: string, status: number): Response {
  const error = problem === "" ? "" : `<p role="alert">${problem}</p>`;
  const body =
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>euar: sign in</title>` +
    `<meta name="viewport" content="width=device-width"><style>${STYLE}</style><main><h1>Sign ` +
    `in</h1>${error}` +
    `<form method="post"><label>Key<input name="key" type="password" required autofocus ` +
    `autocomplete="current-password"></label><button>Sign in</button></form></main></html>`;
  return new Response(body, {
    status,
    headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" },
  });
}
