/** Options by name; a part holds options of its own. Plain JSON. */
export type Options = Readonly<Record<string, unknown>>;

/** True for a part: an object that is not a list. */
export function isPart(value: unknown): value is Options {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Lays options over others. Parts are merged, everything else is replaced. A part of another `kind` replaces
 * the part below it: options of one kind mean nothing to another. Undefined counts as left out; null is a
 * value, which says that a part is absent.
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

/** The value at a dotted path such as "experts.topK"; undefined where there is none. */
export function optionAt(options: Options, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((at, key) => (isPart(at) && Object.hasOwn(at, key) ? at[key] : undefined), options);
}

/** Options that hold one value, at a dotted path. */
export function optionsOf(path: string, value: unknown): Options {
  const [first = "", ...rest] = path.split(".");
  return { [first]: rest.length === 0 ? value : optionsOf(rest.join("."), value) };
}

/** Every value with its dotted path, in order. A list or an absent part is one value. */
export function leavesOf(options: Options, prefix = ""): [path: string, value: unknown][] {
  return Object.entries(options).flatMap(([key, value]): [string, unknown][] =>
    isPart(value) ? leavesOf(value, `${prefix}${key}.`) : [[`${prefix}${key}`, value]],
  );
}
