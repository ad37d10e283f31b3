import { EuarError } from "../core/errors.js";

/**
 * Serialises a value as canonical JSON: keys sorted by code unit, no white space, numbers as JavaScript
 * prints them. Leaves out keys whose value is undefined.
 *
 * Two configurations are equal exactly if their canonical JSON is equal.
 * @throws EuarError for a value that JSON cannot express (NaN, infinities, functions, undefined inside a
 * list)
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value))
      throw new EuarError("internal", `canonical JSON: ${value} is not a JSON number`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object")
    throw new EuarError("internal", `canonical JSON: a value of type ${typeof value} is not JSON`);
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonicalJson(entry)}`).join(",")}}`;
}

/** Returns the shortest decimal that reads back as the same float32, e.g. 0.3 for 0.30000001192092896. */
export function shortFloat(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}
