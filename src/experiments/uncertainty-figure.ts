import { mean } from "../core/averages.js";
import { mutualInformation } from "../metrics/mutual-information.js";
import { meanAndDeviation } from "../metrics/summary-statistics.js";
import type { UncertaintyFigure } from "./figure-result.js";
import type { Measured } from "./job-result.js";
import { type FigureContext, type MeasuredRun, measuredUnder, resultsOf } from "./figure-context.js";
import type { FigurePlan, ShownCondition } from "./plan.js";

type Row = UncertaintyFigure["rows"][number];
type Spread = Row["selective"][number]["area"];

/** Averages bins and lines over the seeds, for the models that state an uncertainty or a confidence. */
export function uncertaintyFigure(
  { rows, conditions }: FigurePlan,
  { task, find }: FigureContext,
): Pick<UncertaintyFigure, "risk" | "rows"> {
  const made = rows.map((row) => uncertaintyRow(row, resultsOf(row, find), conditions));
  const states = ({ reliability, selective }: Row): boolean => reliability.length > 0 || selective.length > 0;
  return { risk: task.kind === "regression" ? "absolute error" : "error rate", rows: made.filter(states) };
}

/**
 * Averages bins and lines of one model over its runs.
 * @param conditions the first one is without noise
 */
export function uncertaintyRow(
  { label, role }: Pick<Row, "label" | "role">,
  results: readonly MeasuredRun[],
  conditions: readonly ShownCondition[],
): Row {
  const clean = measuredUnder(results, conditions[0]?.condition ?? "");
  return {
    label,
    role,
    reliability: reliabilityOf(clean),
    selective: selectiveOf(clean),
    coverage: coverageOf(clean),
    coverageByUncertainty: thirdsOf(clean),
    severity: severityOf(clean, results, conditions),
    routing: routingOf(clean, results, conditions),
  };
}

function reliabilityOf(clean: readonly Measured[]): Row["reliability"] {
  return (["confidence", "expected-error", "spread"] as const).flatMap((promise) => {
    const own = clean.flatMap(({ reliability }) => reliability.filter((one) => one.promise === promise));
    if (own.length === 0) return [];
    // Confidences have bins with fixed bounds, and empty ones are left out. The other bins are equal parts of
    // the samples.
    const keyOf = (bin: { predicted: number }, index: number): number =>
      promise === "confidence" ? Math.ceil(bin.predicted * 10 - 1e-9) : index;
    return [
      {
        promise,
        gap: spreadOf(own.map(({ gap }) => gap)),
        bins: pooled(
          own.map(({ bins }) => bins),
          keyOf,
          ["predicted", "actual"],
        ),
      },
    ];
  });
}

function selectiveOf(clean: readonly Measured[]): Row["selective"] {
  return (["uncertainty", "confidence"] as const).flatMap((by) => {
    const own = clean.flatMap(({ selective }) => selective.filter((one) => one.by === by));
    if (own.length === 0) return [];
    const points = columns(own.map(({ points: line }) => line)).map((column) => ({
      coverage: roundedMean(column.map(({ coverage }) => coverage)),
      risk: roundedMean(column.map(({ risk }) => risk)),
    }));
    return [{ by, area: spreadOf(own.map(({ area }) => area)), points }];
  });
}

function coverageOf(clean: readonly Measured[]): Row["coverage"] {
  return columns(clean.map(({ coverage }) => coverage.levels)).flatMap((column) => {
    const known = column.flatMap(({ coverage }) => coverage ?? []);
    const sizes = column.flatMap(({ meanSize }) => meanSize ?? []);
    const [first] = column;
    return first && known.length > 0
      ? [
          {
            level: first.level,
            coverage: spreadOf(known),
            meanSize: sizes.length < column.length ? null : roundedMean(sizes),
          },
        ]
      : [];
  });
}

function thirdsOf(clean: readonly Measured[]): number[] {
  const thirds = columns(clean.map(({ coverage }) => coverage.byUncertainty));
  const known = thirds.map((third) => third.flatMap((value) => value ?? []));
  return known.every((third) => third.length === clean.length) ? known.map(mean) : [];
}

/**
 * Groups by the data's own corruption if known, otherwise by the added noise, with all noises of a kind
 * together.
 */
function severityOf(
  clean: readonly Measured[],
  results: readonly MeasuredRun[],
  conditions: readonly ShownCondition[],
): Row["severity"] {
  const own = clean.filter(({ severity }) => Object.keys(severity).length > 0);
  const groups =
    own.length > 0 ? [own] : conditions.slice(1).map(({ condition }) => measuredUnder(results, condition));
  const modalities = [...new Set(groups.flat().flatMap(({ severity }) => Object.keys(severity)))];
  return modalities.map((modality) => {
    const parts = groups.map((measured) => measured.flatMap(({ severity }) => severity[modality] ?? []));
    const kinds = [...new Set(parts.flat().flatMap(({ byKind }) => Object.keys(byKind)))];
    const bins = parts.flatMap((part, p) =>
      pooled(
        part.map((one) => one.bins),
        (bin, index) => `${bin.kind}/${index}`,
        ["severity", "mean", "low", "high"],
      ).filter(({ kind }) => p === 0 || kind !== "clean"),
    );
    return {
      modality,
      all: own.length > 0 ? spreadOrNull(parts.flat().map(({ all }) => all)) : null,
      byKind: kinds.map((kind) => ({
        kind,
        rho: own.length > 0 ? spreadOrNull(parts.flat().map(({ byKind }) => byKind[kind] ?? null)) : null,
      })),
      bins: bins.sort((a, b) => (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : a.severity - b.severity)),
    };
  });
}

/**
 * Returns the first seed's shares (experts of different seeds are not comparable), and the information over
 * the seeds.
 */
function routingOf(
  clean: readonly Measured[],
  results: readonly MeasuredRun[],
  conditions: readonly ShownCondition[],
): Row["routing"] {
  const [first] = clean;
  return Object.keys(first?.routing ?? {}).flatMap((modality): Row["routing"] => {
    const own = clean.flatMap(({ routing }) => routing[modality] ?? []);
    const unused = roundedMean(own.map((one) => one.unused));
    const kinds = own[0]?.byKind;
    const byKind: Row["routing"] = kinds
      ? [
          {
            modality,
            over: "kinds",
            kinds: Object.entries(kinds).map(([kind, shares]) => ({ kind, shares })),
            information: spreadOrNull(own.map(({ information }) => information)),
            unused,
          },
        ]
      : [];
    const loads = results.map((result) =>
      conditions.flatMap(({ label, condition }) =>
        measuredUnder([result], condition).flatMap(({ routing }) =>
          routing[modality] ? [{ kind: label, shares: routing[modality].load }] : [],
        ),
      ),
    );
    const information = loads.map((rows) => mutualInformation(rows.map(({ shares }) => shares)));
    return [
      ...byKind,
      { modality, over: "noise", kinds: loads[0] ?? [], information: spreadOrNull(information), unused },
    ];
  });
}

/** Merges bins with the same key: means weighted by samples, in the order in which keys first occur. */
function pooled<Key extends string, Bin extends { readonly samples: number } & Readonly<Record<Key, number>>>(
  lists: readonly (readonly Bin[])[],
  keyOf: (bin: Bin, index: number) => string | number,
  keys: readonly Key[],
): Bin[] {
  const groups = new Map<string | number, Bin[]>();
  for (const list of lists) {
    list.forEach((bin, index) => {
      const key = keyOf(bin, index);
      const known = groups.get(key);
      if (known) known.push(bin);
      else groups.set(key, [bin]);
    });
  }
  const entries = [...groups].sort(([a], [b]) =>
    typeof a === "number" && typeof b === "number" ? a - b : 0,
  );
  return entries.flatMap(([, bins]) => {
    const samples = bins.reduce((sum, bin) => sum + bin.samples, 0);
    const means = Object.fromEntries(
      keys.map((key) => [key, round(bins.reduce((sum, bin) => sum + bin.samples * bin[key], 0) / samples)]),
    );
    return bins.slice(0, 1).map((bin) => ({ ...bin, samples, ...means }));
  });
}

/** Transposes lists of equal length. Longer lists are cut to the shortest. */
function columns<Value>(lists: readonly (readonly Value[])[]): Value[][] {
  const length = lists.length === 0 ? 0 : Math.min(...lists.map((list) => list.length));
  return Array.from({ length }, (_, i) => lists.flatMap((list) => list.slice(i, i + 1)));
}

function spreadOf(values: readonly number[]): Spread {
  return meanAndDeviation(values);
}

/** Returns the mean and deviation; null if a value is null. */
function spreadOrNull(values: readonly (number | null)[]): Spread | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 || known.length < values.length ? null : spreadOf(known);
}

/**
 * Returns the rounded mean.
 * @param values at least one value
 */
function roundedMean(values: readonly number[]): number {
  return round(mean(values));
}

function round(value: number): number {
  return Number(value.toPrecision(6));
}
