import type { MiddlewareHandler } from "hono";
import { causeText } from "../../core/cause-text.js";
import { DataError, ServerError } from "../../core/errors.js";
import { parseJson } from "../../core/parse-json.js";
import { readText } from "./read-body.js";

/** Routes that read their bodies themselves: streams, forms, and features that threads parse. */
const OWN_BODIES: ReadonlySet<string> = new Set(["/v1/predictions", "/v1/jobs", "/sign-in"]);
/** Routes that ignore their bodies. */
const WITHOUT_BODY = /\/(?:stop|resume)$/;
const JSON_TYPE = /^application\/json *(?:;|$)/i;

/**
 * Reads the JSON bodies of all other routes, before their schemas check them.
 *
 * @param limit largest number of bytes
 * @throws ServerError "server.media-type" for another type or a compressed body, "server.too-large"
 * @throws DataError "data.format" for a body that is not JSON
 */
export function readJsonBodies(limit: number): MiddlewareHandler {
  return async ({ req }, next) => {
    const coding = req.header("content-encoding") ?? "identity";
    if (coding !== "identity")
      throw new ServerError("server.media-type", `the body has the encoding ${JSON.stringify(coding)}`, {
        hint: "Send it uncompressed.",
      });
    const hasBody = req.method === "POST" || req.method === "PUT";
    if (!hasBody || OWN_BODIES.has(req.path) || WITHOUT_BODY.test(req.path)) return next();
    const type = req.header("content-type") ?? "";
    const text = await readText(req.raw, limit);
    if ((type !== "" || text !== "") && !JSON_TYPE.test(type))
      throw new ServerError("server.media-type", `the body has the type ${JSON.stringify(type)}`, {
        hint: "Send JSON, with the header Content-Type: application/json.",
      });
    requireJson(text);
    const headers = new Headers(req.raw.headers);
    if (type !== "") headers.set("content-type", "application/json"); // schemas know no parameters
    req.raw = new Request(req.raw, { body: text, headers });
    return next();
  };
}

function requireJson(text: string): void {
  try {
    parseJson(text);
  } catch (cause) {
    throw new DataError("data.format", `the body is not JSON (${causeText(cause)})`, {
      hint: "See /openapi.json for the body.",
      cause,
    });
  }
}
