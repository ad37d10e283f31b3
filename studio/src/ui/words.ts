import { spokenName } from "../../../src/data/modality-families.js";

/** Returns a share as a percentage without decimals. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(0)}%`;
}

/** Returns the name of a modality as people say it, with a capital letter. */
export function titleOf(modality: string): string {
  const name = spokenName(modality);
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
}

/** Returns a text as a sentence: with a full stop and, except for a file name, with a capital letter. */
export function sentence(text: string): string {
  const trimmed = text.trim().replace(/\.$/u, "");
  const isWord = /^[\p{L}'’-]+(?:[\s,:;]|$)/u.test(trimmed);
  return `${isWord ? trimmed.slice(0, 1).toUpperCase() : trimmed.slice(0, 1)}${trimmed.slice(1)}.`;
}

/** Returns a number with about three significant digits. */
export function brief(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.001 || size >= 100_000)) return value.toExponential(1);
  return String(Number(value.toPrecision(3)));
}

/** Returns an uncertainty. The numbers of a column have two decimals, unless they are too small for that. */
export function shownUncertainty(value: number | null | undefined): string {
  if (value == null) return "–";
  return Math.abs(value) < 0.01 || Math.abs(value) >= 1000 ? brief(value) : value.toFixed(2);
}

/** Returns a name in words: "blank words" for "blank-words", "text: short" for "text.short". */
export function spoken(name: string): string {
  return name.replace(".", ": ").replaceAll("-", " ");
}

/** Returns a number of things, for example "1 run" or "2 runs". */
export function counted(count: number, one: string, several = `${one}s`): string {
  return `${String(count)} ${count === 1 ? one : several}`;
}

/** Returns a label or a prediction of any task in words. */
export function shownLabel(value: unknown): string {
  if (typeof value === "number") return value.toFixed(2);
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(String).join(", ") || "none";
  return Object.entries(value ?? {})
    .map(([name, part]) => `${name} ${shownLabel(part)}`)
    .join(", ");
}
