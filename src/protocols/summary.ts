import { defined } from "../core/defined.js";
import { meanOrNull } from "../core/averages.js";
import { auilc, type LineArea } from "../metrics/auilc.js";
import type { Protocol } from "./protocol.js";

/** Metrics of one condition, by name; null where undefined. */
export interface MeasuredCondition {
  readonly rate: number | undefined;
  readonly metrics: Readonly<Record<string, number | null>>;
}

/** A protocol's result in one number per metric; null where a condition's metric is undefined. */
export type ProtocolSummary =
  | { readonly kind: "mean"; readonly metrics: Readonly<Record<string, number | null>> }
  | {
      readonly kind: "auilc";
      /** The area, as published. */
      readonly metrics: Readonly<Record<string, number | null>>;
      /** The area divided by the span of the rates. */
      readonly perRate: Readonly<Record<string, number | null>>;
      readonly from: number;
      readonly to: number;
    };

/** @param conditions in the protocol's order, at least one */
export function summarise(
  { summary: kind }: Pick<Protocol, "summary">,
  conditions: readonly MeasuredCondition[],
): ProtocolSummary {
  const names = Object.keys(conditions[0]?.metrics ?? {});
  if (kind === "mean")
    return {
      kind,
      metrics: Object.fromEntries(names.map((name) => [name, meanOrNull(valuesOf(conditions, name) ?? [])])),
    };
  const rates = conditions.map(({ rate }) => rate ?? NaN);
  const areas = names.map((name): [string, LineArea | null] => {
    const values = valuesOf(conditions, name);
    return [name, values && auilc(rates, values)];
  });
  return {
    kind,
    metrics: Object.fromEntries(areas.map(([name, line]) => [name, line && line.area])),
    perRate: Object.fromEntries(areas.map(([name, line]) => [name, line && line.mean])),
    from: defined(rates[0]),
    to: defined(rates[rates.length - 1]),
  };
}

/** The metric under every condition, or null if one of them has none. */
function valuesOf(conditions: readonly MeasuredCondition[], name: string): number[] | null {
  const values = conditions.map(({ metrics }) => metrics[name] ?? null);
  return values.every((value) => value !== null) ? values : null;
}
