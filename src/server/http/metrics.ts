import type { MiddlewareHandler } from "hono";
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { LoadedModels } from "../models/loaded-models.js";
import { routeOf } from "./route-of.js";
import { RouteTimes } from "./route-times.js";

/** Metrics of one server in the text format of Prometheus. */
export class ServerMetrics {
  /** Times of the last requests by route. */
  readonly times = new RouteTimes();
  private readonly registry = new Registry();
  private readonly requests: Counter<"method" | "route" | "status">;
  private readonly seconds: Histogram<"route">;

  constructor(models: LoadedModels) {
    const registers = [this.registry];
    this.requests = new Counter({
      name: "euar_http_requests_total",
      help: "Answered requests",
      labelNames: ["method", "route", "status"],
      registers,
    });
    this.seconds = new Histogram({
      name: "euar_http_request_seconds",
      help: "Seconds from the request to the start of its response",
      labelNames: ["route"],
      buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100],
      registers,
    });
    new Gauge({
      name: "euar_waiting_requests",
      help: "Requests that wait for a model or are in progress",
      labelNames: ["model", "kind"],
      registers,
      collect() {
        this.reset();
        for (const { name, features, media } of models.list()) {
          this.set({ model: name, kind: "features" }, features.load);
          this.set({ model: name, kind: "media" }, media.load);
        }
      },
    });
    collectDefaultMetrics({ register: this.registry });
  }

  /** Counts and times requests by the path of their route, not by their URL. */
  middleware(): MiddlewareHandler {
    return async (context, next) => {
      const start = performance.now();
      await next();
      const route = routeOf(context);
      const { status } = context.res;
      const seconds = (performance.now() - start) / 1000;
      this.requests.inc({ method: context.req.method, route, status: String(status) });
      this.seconds.observe({ route }, seconds);
      this.times.add(route, status, seconds);
    };
  }

  /** Returns the response of /metrics. */
  async answer(): Promise<Response> {
    return new Response(await this.registry.metrics(), {
      headers: { "content-type": this.registry.contentType, "cache-control": "no-store" },
    });
  }
}
