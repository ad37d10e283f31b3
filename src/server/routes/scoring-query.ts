import type { Context } from "hono";
import { ServerError } from "../../core/errors.js";
import { checkedQuery } from "../http/checked-query.js";
import type { Scoring } from "../predictions/scoring.js";
import { predictionQuery } from "../schemas/prediction-schema.js";
import type { Services } from "../services.js";

/**
 * Reads the query of a request that scores samples.
 * @throws ServerError "server.draining" if the server is shutting down, "server.not-found" for an unknown
 * model
 * @throws ConfigError "config.invalid" for a bad parameter
 */
export function scoringQuery(
  context: Context,
  services: Services,
): Pick<Scoring, "model" | "level" | "available"> {
  if (services.isDraining())
    throw new ServerError("server.draining", "the server is shutting down and accepts no more requests");
  const { model, level, available } = checkedQuery(predictionQuery, context);
  return {
    model: services.models.get(model),
    level: level ?? services.level,
    available: available?.split(","),
  };
}
