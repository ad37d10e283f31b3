import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { EuarError, ServerError } from "../../core/errors.js";
import type { Context } from "hono";
import { incomingOf } from "../http/connections.js";
import { errorTextOf, problemAnswer } from "../http/problem.js";
import { readBytes } from "../http/read-body.js";
import type { BodyForm } from "../models/scorer.js";
import { recordPredictions } from "../predictions/record-predictions.js";
import { scoreSamples } from "../predictions/score-samples.js";
import { streamAnswers } from "../predictions/stream-answers.js";
import {
  predictionFormSchema,
  predictionListSchema,
  predictionQuery,
  predictionRequestSchema,
  predictionSchema,
  predictionTensorsSchema,
  sampleSchema,
} from "../schemas/prediction-schema.js";
import { problems } from "../schemas/problem-schema.js";
import type { Services } from "../services.js";
import { readUpload } from "../uploads/read-upload.js";
import { answerText, type Scoring } from "../predictions/scoring.js";
import { scoringQuery } from "./scoring-query.js";

const SAFETENSORS = "application/x-safetensors";

const route = createRoute({
  method: "post",
  path: "/v1/predictions",
  tags: ["predictions"],
  summary: "Scores one sample or several",
  description:
    "JSON: features, or a text. application/x-safetensors: features as a safetensors file, with the same " +
    "response as JSON. The response to a list of samples is a list in the same order; a " +
    "sample that cannot be scored has an error. multipart/form-data: one sample of raw media. " +
    "application/x-ndjson: one sample per line; the response has one line per sample, in order, as " +
    "soon as it is scored.",
  request: {
    query: predictionQuery,
    body: {
      required: true,
      content: {
        "application/json": { schema: predictionRequestSchema },
        [SAFETENSORS]: { schema: predictionTensorsSchema },
        "multipart/form-data": { schema: predictionFormSchema },
        "application/x-ndjson": { schema: sampleSchema },
      },
    },
  },
  responses: {
    200: {
      description: "a prediction, or a list of them",
      content: {
        "application/json": { schema: z.union([predictionSchema, predictionListSchema]) },
        "application/x-ndjson": { schema: predictionSchema },
      },
    },
    ...problems({
      400: "a body or a parameter that cannot be read",
      404: "no such model",
      413: "a body over the limit",
      415: "a body of another type",
      422: "a sample that the model cannot score",
      429: "too many waiting requests",
      503: "the server is shutting down",
      504: "a sample took too long",
      507: "the disk is full",
    }),
  },
});

/**
 * Adds the prediction route. The schema does not check the body. The thread of the model parses and checks
 * it, so that this thread stays free.
 */
export function addPredictionRoutes(app: OpenAPIHono, services: Services): void {
  app.openAPIRegistry.registerPath(route);
  app.post(route.path, async (context) => {
    const request = context.req.raw;
    const scoring: Scoring = {
      ...scoringQuery(context, services),
      store: services.store,
      longest: services.limits.duration,
      request,
    };
    const type = request.headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
    switch (type) {
      case "application/json":
        return answerBody("json", context, scoring, services);
      case SAFETENSORS:
        return answerBody("safetensors", context, scoring, services);
      case "multipart/form-data":
        return answerForm(request, scoring, services);
      case "application/x-ndjson":
      case "application/jsonl":
        return streamAnswers(request, scoring, services);
      default:
        throw new ServerError(
          "server.media-type",
          `the body has ${type === "" ? "no content type" : `the type ${type}`}, expected ` +
            `application/json, ${SAFETENSORS}, multipart/form-data or application/x-ndjson`,
          { hint: "Set the header Content-Type." },
        );
    }
  });
}

async function answerBody(
  form: BodyForm,
  context: Context,
  scoring: Scoring,
  { limits, log }: Services,
): Promise<Response> {
  const body = await readBytes(context.req.raw, limits.jsonBytes, incomingOf(context));
  const { many, samples } = await scoreSamples({ form, body }, scoring);
  const [only] = samples;
  if (many || !only)
    return json(
      `{"predictions":[${samples.map((answer) => answerText(answer, scoring.model.name)).join(",")}]}`,
    );
  if (only.kind === "prediction") return json(answerText(only, scoring.model.name));
  if (only.error.code === "internal") log(only.error.message);
  return problemAnswer(only.error);
}

async function answerForm(request: Request, scoring: Scoring, services: Services): Promise<Response> {
  const upload = await readUpload(request, services.limits, services.uploads);
  try {
    const { model, store, level, available, longest } = scoring;
    const { id, files, shown } = upload;
    const text = await model.media.ask(
      { level, available, longest, files, shown },
      {
        signal: request.signal,
      },
    );
    const answers = [{ kind: "prediction", id, json: text } as const];
    const [answer] = await recordPredictions(store, model, "media", answers);
    if (answer === undefined) throw new EuarError("internal", "an upload has no answer");
    return json(answerText(answer, model.name));
  } catch (error) {
    if (!request.signal.aborted) throw error;
    return problemAnswer(errorTextOf(new ServerError("server.timeout", "the client disconnected")));
  } finally {
    await upload.remove();
  }
}

function json(body: string): Response {
  return new Response(body, { headers: { "content-type": "application/json", "cache-control": "no-store" } });
}
