import { defined } from "../../../../core/defined.js";
import type { Factor, KernelEntry, KernelFamily, Phase, Product } from "../../../kernels/entry.js";
import * as table from "../../../kernels/families.js";

type Values = readonly number[];
type Read = (values: Values) => number;

/** Memory and last settings that a split reads. */
export interface SplitSource {
  /** Integer at an address. */
  integer(address: number): number;
  /** Numbers of the last call of a kernel with settings. */
  settings(kernel: string): Values;
}

/** Phase of a kernel, ready to be computed for the numbers of a call. */
export interface SplitPhase {
  readonly kernel: string;
  readonly settings: string | undefined;
  readonly settingsCount: number;
  readonly unitsAt: number;
  readonly workAt: number;
  readonly block: number;
  /** Estimated nanoseconds on one thread. */
  readonly nanoseconds: Read;
  /** False if this call of the phase must stay on one thread. */
  readonly splits: (values: Values) => boolean;
  /** Numbers of the settings and of the phase's kernel. */
  readonly numbers: (values: Values) => number[];
  /** Their change from one unit to the next. */
  readonly steps: (values: Values) => number[];
}

const entries = new Map<string, KernelEntry>(
  Object.values<KernelFamily>(table).flatMap(({ kernels }) => Object.entries(kernels)),
);

/** Names of the kernels that set values for other kernels. */
export const settingsKernels: ReadonlySet<string> = new Set(
  [...entries.values()].flatMap(({ split = [] }) => split.flatMap(({ settings }) => settings ?? [])),
);

/** Kernels whose work threads can share. */
export const splitKernels: readonly string[] = [...entries].flatMap(([name, { split }]) =>
  split ? [name] : [],
);

const numbersOf = (kernel: string): string[] => Object.keys(defined(entries.get(kernel)).numbers);

/** Returns the phases of a kernel of {@link splitKernels}. */
export function splitOf(kernel: string, source: SplitSource): readonly SplitPhase[] {
  return defined(entries.get(kernel)?.split).map((phase) => phaseOf(kernel, phase, source));
}

function phaseOf(call: string, phase: Phase, source: SplitSource): SplitPhase {
  const kernel = phase.kernel ?? call;
  const settingsNames = phase.settings === undefined ? [] : numbersOf(phase.settings);
  const names = [...settingsNames, ...numbersOf(kernel)];
  const read = readerOf(numbersOf(call), phase, settingsNames, source);
  const reads = names.map(read);
  const steps = names.map((name) => productOf(phase.steps[name] ?? [0], read));
  const estimates = phase.nanoseconds.map((factors) => productOf(factors, read));
  const { unless } = phase;
  const blocked = unless === undefined ? undefined : read(unless);
  return {
    kernel,
    settings: phase.settings,
    settingsCount: settingsNames.length,
    unitsAt: names.indexOf(phase.units),
    workAt: phase.work === undefined ? -1 : names.indexOf(phase.work),
    block: phase.block ?? 1,
    nanoseconds: (values) => estimates.reduce((sum, estimate) => sum + estimate(values), 0),
    splits: (values) => blocked === undefined || blocked(values) === 0,
    numbers: (values) => reads.map((one) => one(values)),
    steps: (values) => steps.map((one) => one(values)),
  };
}

/** Returns a function that finds a number by its name. */
function readerOf(
  own: readonly string[],
  { also = {}, settings }: Phase,
  settingsNames: readonly string[],
  source: SplitSource,
): (name: string) => Read {
  const read = (name: string): Read => {
    const place = own.indexOf(name);
    if (place >= 0) return (values) => defined(values[place]);
    const held = settingsNames.indexOf(name);
    if (held >= 0 && settings !== undefined) return () => defined(source.settings(settings)[held]);
    const other = defined(also[name]);
    if (typeof other === "number") return () => other;
    if (typeof other === "string") return read(other);
    const [of, at] = [read(other.of), read(other.at)];
    return (values) => source.integer(of(values) + 4 * at(values));
  };
  return read;
}

function productOf(product: Product, read: (name: string) => Read): Read {
  if ("flag" in product) {
    const [flag, set, unset] = [
      read(product.flag),
      factorsOf(product.set, read),
      factorsOf(product.unset, read),
    ];
    return (values) => (flag(values) === 0 ? unset : set)(values);
  }
  return factorsOf(product, read);
}

function factorsOf(factors: readonly Factor[], read: (name: string) => Read): Read {
  const constant = factors.reduce<number>(
    (all, factor) => (typeof factor === "number" ? all * factor : all),
    1,
  );
  const reads = factors.flatMap((factor) => (typeof factor === "string" ? [read(factor)] : []));
  return (values) => {
    let all = constant;
    for (const one of reads) all *= one(values);
    return all;
  };
}
