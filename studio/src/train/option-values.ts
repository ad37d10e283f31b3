import { layOver, optionsOf } from "../../../src/core/nested-options.js";
import type { OptionField } from "../api/runs.js";

/** Values that the user gave, by dotted path. Null removes a part or an option. */
export type OptionValues = Readonly<Record<string, unknown>>;

/** Returns the values as in a config file, with nested parts. */
export function configOf(values: OptionValues): Readonly<Record<string, unknown>> {
  return Object.entries(values)
    .map(([key, value]) => optionsOf(key, value))
    .reduce(layOver, {});
}

/** Reads a text as the value of an option. Undefined for an empty text: the default. */
export function valueOf(text: string, { type, itemType }: OptionField): unknown {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  if (type === "list")
    return trimmed.split(",").map((item) => (itemType === "string" ? item.trim() : numberOr(item.trim())));
  return type === "number" || type === "integer" ? numberOr(trimmed) : trimmed;
}

/** Returns a value as the text of a field. */
export function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return value.map(textOf).join(",");
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Returns a default in words. */
export function defaultText(value: unknown): string {
  if (value === null) return "off";
  if (value === undefined) return "";
  if (value === true) return "yes";
  if (value === false) return "no";
  const text = textOf(value);
  return text === "" ? "none" : text;
}

/** Keeps a text that is not a number. The server then refuses it with a reason. */
function numberOr(text: string): number | string {
  const value = Number(text);
  return Number.isNaN(value) ? text : value;
}
