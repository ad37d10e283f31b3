import { EuarError } from "../core/errors.js";

/**
 * One text per value: keys sorted by code unit, no white space, numbers as JavaScript prints them. Two
 * configurations are the same exactly when their canonical texts are. Keys whose value is undefined are left
 * out.
 * @throws EuarError for what JSON cannot say (NaN, infinities, functions, undefined inside a list)
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

/**
 * The shortest decimal that reads back as the same float32: 0.3, where the float64 of it would print
 * 0.30000001192092896.
 */
export function shortFloat(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}
