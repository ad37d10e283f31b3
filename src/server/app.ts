import { OpenAPIHono } from "@hono/zod-openapi";
import { ConfigError, EuarError, ServerError } from "../core/errors.js";
import { packageInfo } from "../core/package-info.js";
import { zodIssue } from "../core/zod-issue.js";
import { refuseOtherSites } from "./http/guard.js";
import { answerHeaders } from "./http/headers.js";
import { readJsonBodies } from "./http/json-bodies.js";
import { ServerMetrics } from "./http/metrics.js";
import { errorTextOf, problemAnswer } from "./http/problem.js";
import { requireKey, secretOf } from "./keys/key-guard.js";
import { addSignIn } from "./keys/sign-in.js";
import { addApiPage } from "./routes/api-page-route.js";
import { addKeyRoutes } from "./routes/key-routes.js";
import { addHealthRoutes } from "./routes/health-routes.js";
import { addJobRoutes } from "./routes/job-routes.js";
import { addLabelRoutes } from "./routes/label-routes.js";
import { addModelRoutes } from "./routes/model-routes.js";
import { addPageModelRoutes } from "./routes/page-model-routes.js";
import { addPredictionRoutes } from "./routes/prediction-routes.js";
import { addComparisonRoutes } from "./routes/comparison-routes.js";
import { addExperimentRoutes } from "./routes/experiment-routes.js";
import { addDatasetRoutes } from "./routes/dataset-routes.js";
import { addRunRoutes } from "./routes/run-routes.js";
import { addSampleMediaRoutes } from "./routes/sample-media-routes.js";
import { addSampleRoutes } from "./routes/sample-routes.js";
import { addStressRoutes } from "./routes/stress-routes.js";
import { addStatisticsRoutes } from "./routes/statistics-routes.js";
import { addStoredRoutes } from "./routes/stored-routes.js";
import type { Services } from "./services.js";
import { fileAnswer } from "./studio/studio-files.js";

/** Options of the application. */
export interface AppOptions {
  /** Allowed names in the Host header, without port. Undefined: any name. */
  readonly hosts?: ReadonlySet<string> | undefined;
  /** True if each request to the API needs a key. Default: false. */
  readonly requiresKeys?: boolean;
}

/** Returns the routes of a server. They can be called without a socket: `app.request("/healthz")`. */
export function createApp(services: Services, { hosts, requiresKeys = false }: AppOptions = {}): OpenAPIHono {
  const app = new OpenAPIHono({
    defaultHook: (result) => {
      if (result.success) return;
      throw new ConfigError("config.invalid", `request: ${zodIssue(result.error)}`, {
        hint: "See /openapi.json for the parameters.",
        cause: result.error,
      });
    },
  });
  const metrics = new ServerMetrics(services.models);
  app.use(metrics.middleware());
  app.use(answerHeaders());
  app.use(refuseOtherSites(hosts));
  if (requiresKeys) app.use(requireKey(services.keys, services.audit));
  app.use(readJsonBodies(services.limits.jsonBytes));
  addHealthRoutes(app, services, metrics);
  addStatisticsRoutes(app, services, metrics);
  addModelRoutes(app, services);
  addPageModelRoutes(app, services);
  addPredictionRoutes(app, services);
  addStoredRoutes(app, services);
  addLabelRoutes(app, services);
  addJobRoutes(app, services);
  addRunRoutes(app, services);
  addComparisonRoutes(app, services);
  addStressRoutes(app, services);
  addExperimentRoutes(app, services);
  addDatasetRoutes(app, services);
  addSampleRoutes(app, services);
  addSampleMediaRoutes(app, services);
  addKeyRoutes(app, services);
  addSignIn(app, services.keys);
  app.openAPIRegistry.registerComponent("securitySchemes", "key", { type: "http", scheme: "bearer" });
  const description = {
    openapi: "3.1.0",
    info: {
      title: "euar",
      version: packageInfo.version,
      description: "Multimodal sentiment models that notice bad inputs.",
    },
    security: requiresKeys ? [{ key: [] }] : [{}, { key: [] }],
  };
  app.doc31("/openapi.json", description);
  addApiPage(app, () => app.getOpenAPI31Document(description), requiresKeys);
  app.get("*", (context, next) => {
    const { path } = context.req;
    const file = services.studio.find(path);
    if (requiresKeys && file && path === "/" && !services.keys.find(secretOf(context) ?? ""))
      return Promise.resolve(context.redirect("/sign-in", 303));
    return file ? Promise.resolve(fileAnswer(file)) : next();
  });
  app.notFound((context) =>
    problemAnswer(
      new ServerError("server.not-found", `there is no ${context.req.method} ${context.req.path}`, {
        hint: "See /openapi.json for the routes.",
      }),
    ),
  );
  app.onError((error) => {
    const known = error instanceof EuarError;
    if (!known || error.code === "internal") services.log(errorTextOf(error).message);
    return problemAnswer(errorTextOf(error));
  });
  return app;
}
