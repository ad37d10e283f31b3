import { ConfigError } from "../core/errors.js";
import { suggestion } from "../core/nearest.js";
import { metricDirection } from "../metrics/directions.js";
import type { Metrics } from "../runs/results.js";

/** The validation quantity that chooses the epoch, and which way it gets better. */
export interface SelectionRule {
  readonly name: string;
  readonly direction: "higher" | "lower";
}

/**
 * @param selectBy "loss" or a metric name
 * @param metrics names of the metrics that this task has
 * @throws ConfigError for a name that is neither
 */
export function selectionRule(selectBy: string, metrics: readonly string[]): SelectionRule {
  if (selectBy === "loss") return { name: "loss", direction: "lower" };
  const direction = metrics.includes(selectBy) ? metricDirection(selectBy) : undefined;
  if (direction) return { name: selectBy, direction };
  throw new ConfigError("config.invalid", `selectBy: this task has no validation quantity "${selectBy}"`, {
    hint: suggestion(selectBy, ["loss", ...metrics.filter((name) => name !== "loss")]),
  });
}

export function scoreOf(rule: SelectionRule, valid: Metrics): number | null {
  return valid[rule.name] ?? null;
}

/** Strictly better; a defined score beats an undefined one. */
export function isBetter(rule: SelectionRule, score: number | null, best: number | null): boolean {
  if (score === null || best === null) return score !== null;
  return rule.direction === "higher" ? score > best : score < best;
}
