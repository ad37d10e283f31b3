import { defined } from "../core/defined.js";
import { meanOrNull } from "../core/averages.js";
import { auilc, type LineArea } from "../metrics/auilc.js";
import type { Protocol } from "./protocol-schema.js";

/** Metrics of one condition, by name; null if undefined. */
export interface MeasuredCondition {
  /** Group of the condition. */
  readonly group?: string | undefined;
  readonly rate: number | undefined;
  readonly metrics: Readonly<Record<string, number | null>>;
}

/** Summary of a protocol: one number per metric, or null if the metric is undefined under a condition. */
export type ProtocolSummary =
  | {
      readonly kind: "mean";
      /** Mean over all conditions. */
      readonly metrics: Readonly<Record<string, number | null>>;
      /** Mean over the conditions of each group, by its name. Absent if there are no groups. */
      readonly groups?: Readonly<Record<string, Readonly<Record<string, number | null>>>>;
    }
  | {
      readonly kind: "auilc";
      /** Area under the curve, as published. */
      readonly metrics: Readonly<Record<string, number | null>>;
      /** Area divided by the range of the rates. */
      readonly perRate: Readonly<Record<string, number | null>>;
      readonly from: number;
      readonly to: number;
    };

/**
 * Summarises the metrics of all conditions.
 *
 * @param conditions conditions in the protocol's order, at least one
 */
export function summarise(
  { summary: kind }: Pick<Protocol, "summary">,
  conditions: readonly MeasuredCondition[],
): ProtocolSummary {
  const names = Object.keys(conditions[0]?.metrics ?? {});
  if (kind === "mean") {
    const groups = [...new Set(conditions.flatMap(({ group }) => group ?? []))];
    return {
      kind,
      metrics: meansOf(conditions, names),
      ...(groups.length > 0 && {
        groups: Object.fromEntries(
          groups.map((group) => [
            group,
            meansOf(
              conditions.filter((one) => one.group === group),
              names,
            ),
          ]),
        ),
      }),
    };
  }
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

function meansOf(
  conditions: readonly MeasuredCondition[],
  names: readonly string[],
): Readonly<Record<string, number | null>> {
  return Object.fromEntries(names.map((name) => [name, meanOrNull(valuesOf(conditions, name) ?? [])]));
}

/** Returns the metric under every condition, or null if it is undefined under one of them. */
function valuesOf(conditions: readonly MeasuredCondition[], name: string): number[] | null {
  const values = conditions.map(({ metrics }) => metrics[name] ?? null);
  return values.every((value) => value !== null) ? values : null;
}
