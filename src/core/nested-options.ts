import { isRecord } from "./is-record.js";

/** Options by name, as plain JSON. A part contains its own options. */
export type Options = Readonly<Record<string, unknown>>;

/** True for a part: an object that is not a list. */
export function isPart(value: unknown): value is Options {
  return isRecord(value);
}

/**
 * Merges options over others. Merges parts and replaces other values.
 *
 * A part of another `kind` replaces the part below it, because options of one kind do not apply to another.
 * Undefined counts as absent. Null is a value: the part is absent.
 */
export function layOver(under: Options, over: Options): Options {
  const replaced = over["kind"] !== undefined && over["kind"] !== under["kind"];
  const merged = new Map(replaced ? [] : Object.entries(under));
  for (const [key, value] of Object.entries(over)) {
    if (value === undefined) continue;
    const below = merged.get(key);
    merged.set(key, isPart(value) ? layOver(isPart(below) ? below : {}, value) : value);
  }
  return Object.fromEntries(merged);
}

/** Merges several options over others in their order, as {@link layOver} does. Undefined counts as none. */
export function layAllOver(under: Options, ...layers: readonly (Options | undefined)[]): Options {
  return layers.reduce<Options>((merged, layer) => (layer ? layOver(merged, layer) : merged), under);
}

/** Returns the value at a dotted path such as "experts.topK", or undefined. */
export function optionAt(options: Options, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((at, key) => (isPart(at) && Object.hasOwn(at, key) ? at[key] : undefined), options);
}

/** Returns options with one value, at a dotted path. */
export function optionsOf(path: string, value: unknown): Options {
  const [first = "", ...rest] = path.split(".");
  return { [first]: rest.length === 0 ? value : optionsOf(rest.join("."), value) };
}

/** Returns every value with its dotted path, in order. A list or an absent part is one value. */
export function leavesOf(options: Options, prefix = ""): [path: string, value: unknown][] {
  return Object.entries(options).flatMap(([key, value]): [string, unknown][] =>
    isPart(value) ? leavesOf(value, `${prefix}${key}.`) : [[`${prefix}${key}`, value]],
  );
}
