import { quantileOf } from "../../metrics/summary-statistics.js";

/** Number of requests of a route whose times are kept. */
const KEPT = 1000;

/** Durations in seconds and results of the requests of one route. */
export interface RouteSummary {
  readonly route: string;
  /** Number of answered requests since the server started. */
  readonly requests: number;
  /** Number of requests with a status of 400 to 499, and with 500 or more. */
  readonly refused: number;
  readonly failed: number;
  /** Quantiles of the last 1000 requests. */
  readonly median: number;
  readonly p95: number;
  readonly p99: number;
}

interface Times {
  requests: number;
  refused: number;
  failed: number;
  /** Seconds of the last requests; the oldest one is overwritten. */
  readonly seconds: Float64Array;
}

/** Times of the last requests of each route. */
export class RouteTimes {
  private readonly routes = new Map<string, Times>();

  add(route: string, status: number, seconds: number): void {
    let times = this.routes.get(route);
    if (!times) {
      times = { requests: 0, refused: 0, failed: 0, seconds: new Float64Array(KEPT) };
      this.routes.set(route, times);
    }
    times.seconds[times.requests % KEPT] = seconds;
    times.requests += 1;
    if (status >= 500) times.failed += 1;
    else if (status >= 400) times.refused += 1;
  }

  /** Returns the routes with the most requests first. */
  summaries(): RouteSummary[] {
    return [...this.routes]
      .map(([route, { requests, refused, failed, seconds }]) => {
        const sorted = seconds.slice(0, Math.min(requests, KEPT)).sort();
        const at = (share: number): number => quantileOf(sorted, share);
        return { route, requests, refused, failed, median: at(0.5), p95: at(0.95), p99: at(0.99) };
      })
      .sort((a, b) => b.requests - a.requests);
  }
}
