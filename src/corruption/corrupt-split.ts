import { DataError } from "../core/errors.js";
import { suggestion } from "../core/nearest.js";
import { defined } from "../core/defined.js";
import { randomKey, type RandomKey, uniformAt } from "../core/random.js";
import type { CorruptionTruth, ModalityTable, Split } from "../data/dataset.js";
import type { FeatureStatistics, Normaliser } from "../data/normaliser.js";
import type { Corruption } from "./corruption.js";
import type { FeatureKind, SampleSteps } from "./feature-kind.js";
import { keysFrom } from "./feature-kinds.js";
import { featureCorruption, ownName } from "./register-corruption.js";
import { missingSteps } from "./missing-steps.js";
import { chooseMissing, chooseMissingAt } from "./random-missing.js";
import { partnersOf } from "./partners.js";

/** Options of `corruptSplit`. */
export interface CorruptOptions {
  /** Seed of all draws. Default 1. */
  readonly seed?: number;
  /**
   * Feature means and standard deviations of the training data, which are the units of amounts. Without it,
   * the features are assumed to be standardised.
   */
  readonly normaliser?: Normaliser;
}

/**
 * Returns a split with corrupted features. Does not change the given split.
 *
 * The result for a sample depends on the seed, its id, the modality and the corruption. It does not depend on
 * the other samples or their order, except for kinds that mix in another sample. A larger amount changes
 * everything that a smaller one changes, and more. `corruption` of the result has the kinds, joined by "+",
 * and the sums of the severities, including those of earlier corruptions.
 * @param corruptions corruptions to apply, in order. Neighbouring parts with the kind "missing" and different
 * modalities are applied at once, so that every sample keeps a modality and each rate is met
 * @throws DataError "data.unknown-modality" for a modality that the split lacks
 */
export function corruptSplit(
  split: Split,
  corruptions: readonly Corruption[],
  options: CorruptOptions = {},
): Split {
  const rounds = new Map<string, number>();
  return missingSteps(corruptions).reduce((current, step) => {
    const name = "rates" in step ? "missing/" : `${step.kind}/${step.modality ?? ""}`;
    const round = rounds.get(name) ?? 0;
    rounds.set(name, round + 1);
    return "rates" in step
      ? applyRates(current, step.rates, options, round)
      : applyOne(current, step, options, round);
  }, split);
}

function requireModality({ modalities }: Split, name: string): void {
  const known = Object.keys(modalities);
  if (known.includes(name)) return;
  throw new DataError("data.unknown-modality", `The data have no modality "${name}" to corrupt.`, {
    hint: suggestion(name, known),
  });
}

/** Returns the random key of a modality of a sample. It does not depend on the order of modalities. */
type KeyOf = (name: string, n: number) => RandomKey;

function keysOf({ ids }: Split, kind: string, { seed = 1 }: CorruptOptions, round: number): KeyOf {
  return (name, n) => randomKey(seed, `corrupt/${kind}/${round}/${name}/${ids[n] ?? ""}`);
}

/** Removes modalities, each at its own rate. */
function applyRates(
  split: Split,
  rates: ReadonlyMap<string, number>,
  options: CorruptOptions,
  round: number,
): Split {
  for (const name of rates.keys()) requireModality(split, name);
  if ([...rates.values()].every((rate) => rate === 0)) return split;
  return dropModalities(split, keysOf(split, "missing", options, round), (draws) =>
    chooseMissingAt(draws, rates),
  );
}

function applyOne(split: Split, corruption: Corruption, options: CorruptOptions, round: number): Split {
  const { amount, modality } = corruption;
  const kind = ownName(corruption.kind);
  const known = Object.keys(split.modalities);
  if (modality !== undefined) requireModality(split, modality);
  if (amount === 0) return split;
  const keyOf = keysOf(split, kind, options, round);
  if (kind === "missing") return dropModalities(split, keyOf, (draws) => chooseMissing(draws, amount));

  const modalities: Record<string, ModalityTable> = { ...split.modalities };
  const truths: Record<string, CorruptionTruth> = { ...split.corruption };
  const corrupt = featureCorruption(kind);
  for (const name of modality === undefined ? known : [modality]) {
    const table = split.modalities[name];
    if (table === undefined) continue;
    const keys = Array.from({ length: split.size }, (_, n) => keyOf(name, n));
    const { values, severity } = corruptTable(table, corrupt, amount, {
      keys,
      units: unitsOf(options.normaliser?.modalities[name], table.width),
    });
    modalities[name] = { ...table, values };
    truths[name] = joinTruth(truths[name], severity, kind);
  }
  return { ...split, modalities, corruption: truths };
}

interface TableContext {
  /** [N], random key of each sample. */
  readonly keys: readonly RandomKey[];
  readonly units: Pick<SampleSteps, "mean" | "std">;
}

function corruptTable(
  table: ModalityTable,
  kind: FeatureKind,
  amount: number,
  { keys, units }: TableContext,
): { readonly values: Float32Array; readonly severity: Float32Array } {
  const { width } = table;
  const values = table.values.slice();
  const partners = kind.needsOther ? partnersOf(table.present, keys) : undefined;
  const severity = new Float32Array(keys.length);
  keys.forEach((key, n) => {
    const steps = realStepsOf(table, n).map((at) => values.subarray(at, at + width));
    if (steps.length === 0) return;
    const others = partners && realStepsOf(table, defined(partners[n]));
    const sample: SampleSteps = {
      ...units,
      steps,
      ...(others && { others: others.map((at) => table.values.subarray(at, at + width)) }),
    };
    severity[n] = kind.corrupt(sample, amount, keysFrom(key));
  });
  return { values, severity };
}

function unitsOf(statistics: FeatureStatistics | undefined, width: number): TableContext["units"] {
  return {
    mean: Float64Array.from(statistics?.mean ?? new Float64Array(width)),
    std: Float64Array.from(statistics?.std ?? new Float64Array(width).fill(1)),
  };
}

/** Returns the offset of the first feature of each real step of a sample that has the modality. */
function realStepsOf(table: ModalityTable, n: number): number[] {
  const steps: number[] = [];
  if (table.present[n] === 0) return steps;
  for (let t = n * table.steps; t < (n + 1) * table.steps; t++)
    if (table.mask[t] === 1) steps.push(t * table.width);
  return steps;
}

/** @param choose returns the modalities to remove from a sample, given one uniform draw for each it has */
function dropModalities(
  split: Split,
  keyOf: KeyOf,
  choose: (draws: ReadonlyMap<string, number>) => readonly string[],
): Split {
  const tables = Object.entries(split.modalities);
  const present = new Map(tables.map(([name, table]) => [name, table.present.slice()]));
  const severity = new Map(tables.map(([name]) => [name, new Float32Array(split.size)]));
  for (let n = 0; n < split.size; n++) {
    const here = tables.filter(([, table]) => table.present[n] === 1);
    for (const name of choose(new Map(here.map(([name]) => [name, uniformAt(keyOf(name, n), 0)])))) {
      present.get(name)?.fill(0, n, n + 1);
      severity.get(name)?.fill(1, n, n + 1);
    }
  }
  const modalities = tables.map(
    ([name, table]) => [name, { ...table, present: present.get(name) ?? table.present }] as const,
  );
  const corruption = tables.map(
    ([name]) =>
      [
        name,
        joinTruth(split.corruption?.[name], severity.get(name) ?? new Float32Array(split.size), "missing"),
      ] as const,
  );
  return { ...split, modalities: Object.fromEntries(modalities), corruption: Object.fromEntries(corruption) };
}

function joinTruth(
  earlier: CorruptionTruth | undefined,
  severity: Float32Array,
  kind: string,
): CorruptionTruth {
  const sum = severity.map((amount, n) => amount + (earlier?.severity[n] ?? 0));
  const kinds = Array.from(severity, (amount, n) => {
    const before = earlier?.kind[n] ?? "clean";
    if (amount === 0) return before;
    return before === "clean" ? kind : `${before}+${kind}`;
  });
  return { severity: sum, kind: kinds };
}
