import { ConfigError } from "../core/errors.js";
import { suggestion } from "../core/nearest.js";
import { metricDirection } from "../metrics/directions.js";
import type { Metrics } from "../runs/results.js";

/** Selection of the last epoch: its score is its number. */
export const LAST = "last";

/** The validation metric (or loss) that selects the best epoch, and its better direction. */
export interface SelectionRule {
  readonly name: string;
  readonly direction: "higher" | "lower";
}

/**
 * Returns the rule for the option `selectBy`.
 *
 * @param selectBy "loss", "last" for the last epoch, or the name of a metric
 * @param metrics names of this task's metrics
 * @throws ConfigError for any other name
 */
export function selectionRule(selectBy: string, metrics: readonly string[]): SelectionRule {
  if (selectBy === "loss") return { name: "loss", direction: "lower" };
  if (selectBy === LAST) return { name: LAST, direction: "higher" };
  const direction = metrics.includes(selectBy) ? metricDirection(selectBy) : undefined;
  if (direction) return { name: selectBy, direction };
  throw new ConfigError("config.invalid", `selectBy: this task has no validation metric "${selectBy}"`, {
    hint: suggestion(selectBy, ["loss", LAST, ...metrics.filter((name) => name !== "loss")]),
  });
}

export function scoreOf(rule: SelectionRule, valid: Metrics): number | null {
  return valid[rule.name] ?? null;
}

/** Returns true if a score is strictly better than the best one. A defined score beats an undefined one. */
export function isBetter(rule: SelectionRule, score: number | null, best: number | null): boolean {
  if (score === null || best === null) return score !== null;
  return rule.direction === "higher" ? score > best : score < best;
}
