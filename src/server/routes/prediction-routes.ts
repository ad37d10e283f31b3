import { createRoute, type OpenAPIHono, type z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { ConfigError, ServerError } from "../../core/errors.js";
import { zodIssue } from "../../core/zod-issue.js";
import { readText } from "../http/read-text.js";
import { problemAnswer } from "../http/problem.js";
import type { SampleAnswer } from "../models/scorer.js";
import {
  predictionListSchema,
  predictionQuery,
  predictionRequestSchema,
  predictionSchema,
} from "../schemas/prediction-schema.js";
import { problems } from "../schemas/problem-schema.js";
import type { Services } from "../services.js";

const route = createRoute({
  method: "post",
  path: "/v1/predictions",
  tags: ["predictions"],
  summary: "Scores one sample or several",
  description:
    "One sample is answered with its prediction, or with the problem why it has none. A list of samples is " +
    "answered with a list of the same order, in which a sample that cannot be scored has its error.",
  request: {
    query: predictionQuery,
    body: {
      required: true,
      content: { "application/json": { schema: predictionRequestSchema } },
    },
  },
  responses: {
    200: {
      description: "a prediction, or a list of them",
      content: { "application/json": { schema: predictionSchema.or(predictionListSchema) } },
    },
    ...problems({
      400: "a body or a parameter that cannot be read",
      404: "no such model",
      413: "a body over the limit",
      415: "a body of another type",
      422: "a sample that the model cannot score",
      429: "too many requests wait",
      503: "the server ends",
    }),
  },
});

/**
 * Adds the route of predictions. Its body is not checked by the schema: the thread of the model parses and
 * checks it, so that this thread stays free.
 */
export function addPredictionRoutes(app: OpenAPIHono, services: Services): void {
  app.openAPIRegistry.registerPath(route);
  app.post(route.path, async (context) => {
    if (services.isDraining())
      throw new ServerError("server.draining", "the server ends and takes no more requests");
    const query = queryOf(context);
    const type = context.req.header("content-type")?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
    if (type !== "application/json")
      throw new ServerError(
        "server.media-type",
        `the body is ${type === "" ? "of no stated type" : type}, application/json was expected`,
        { hint: "Set the header Content-Type." },
      );
    const model = services.models.get(query.model);
    const body = await readText(context.req.raw, services.limits.jsonBytes);
    const { many, samples } = await model.json.ask({
      body,
      level: query.level ?? services.level,
      available: query.available?.split(","),
    });
    const [only] = samples;
    if (many || !only)
      return json(`{"predictions":[${samples.map((answer) => text(answer, model.name)).join(",")}]}`);
    if (only.kind === "prediction") return json(text(only, model.name));
    if (only.error.code === "internal") services.log(only.error.message);
    return problemAnswer(only.error);
  });
}

/** @throws ConfigError "config.invalid" */
function queryOf(context: Context): z.infer<typeof predictionQuery> {
  const result = predictionQuery.safeParse(context.req.query());
  if (result.success) return result.data;
  throw new ConfigError("config.invalid", `query: ${zodIssue(result.error)}`, {
    hint: "See /openapi.json for the parameters.",
    cause: result.error,
  });
}

/** Returns the JSON text of an answer. The prediction's own text is not parsed again. */
function text(answer: SampleAnswer, model: string): string {
  const head = answer.id === undefined ? "" : `"id":${JSON.stringify(answer.id)},`;
  if (answer.kind === "prediction") return `{${head}"model":${JSON.stringify(model)},${answer.json.slice(1)}`;
  const { code, message, hint } = answer.error;
  return `{${head}"error":${JSON.stringify({ code, message, hint: hint ?? null })}}`;
}

function json(body: string): Response {
  return new Response(body, { headers: { "content-type": "application/json", "cache-control": "no-store" } });
}
