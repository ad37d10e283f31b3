import { ConfigError, DataError } from "../../core/errors.js";
import { suggestion } from "../../core/nearest.js";
import { ownName } from "../../corruption/register-corruption.js";
import type { Dataset } from "../dataset.js";
import type { LoadOptions } from "../formats/load-options.js";
import { selectModalities } from "../select-modalities.js";
import { type SyntheticKind, syntheticKinds } from "./corrupt-view.js";
import { generateSynthetic, SYNTHETIC_TASK, type SyntheticOptions } from "./generate.js";

/** True if a source names the generated data set: "synthetic" or "synthetic:...". */
export function isSynthetic(source: string): boolean {
  return source === "synthetic" || source.startsWith("synthetic:");
}

const KEYS = ["seed", "clean", "unseen", "train", "valid", "test"];

/**
 * Generates the embedded data set that a source names: `synthetic`, `synthetic:seed=3`, `synthetic:clean`,
 * `synthetic:unseen=noise`, `synthetic:train=200,valid=50,test=100`.
 * @throws DataError "data.format" for an unknown part; ConfigError "config.conflict" for a task or scale that
 * is not the generator's
 */
export function loadSynthetic(source: string, options: LoadOptions = {}): Dataset {
  refuseOtherLabels(options);
  if (options.target !== undefined && options.target !== "sentiment") {
    throw new DataError(
      "data.format",
      `The synthetic data have one target, "sentiment", not "${options.target}".`,
      { hint: "Leave the option target out." },
    );
  }
  const { dataset } = generateSynthetic(parseSynthetic(source));
  return options.modalities === undefined ? dataset : selectModalities(dataset, options.modalities);
}

/** Refuses options that contradict the task and scale of the generator. */
function refuseOtherLabels({ task, range, threshold, bins, foldClasses }: LoadOptions): void {
  const { kind, targets, range: own = [] } = SYNTHETIC_TASK;
  const others = [
    ["task", task !== undefined && task !== kind],
    ["range", range !== undefined && String(range) !== String(own)],
    ["threshold", threshold !== undefined],
    ["bins", bins !== undefined],
    ["foldClasses", foldClasses === true],
  ] as const;
  const other = others.find(([, contradicts]) => contradicts)?.[0];
  if (other === undefined) return;
  throw new ConfigError(
    "config.conflict",
    `The option ${other} does not fit the synthetic data: a ${kind} of ${targets.join()} from ` +
      `${own.join(" to ")}.`,
    { hint: `Leave ${other} out.` },
  );
}

/**
 * Returns the name of the clean version of a generated data set; undefined for other data, and for a version
 * that is already clean.
 */
export function undamagedTwin(source: string): string | undefined {
  if (!isSynthetic(source)) return undefined;
  const { cleanOnly, seed, sizes } = parseSynthetic(source);
  return cleanOnly
    ? undefined
    : `synthetic:seed=${seed},train=${sizes.train},valid=${sizes.valid},test=${sizes.test},clean`;
}

/** Parses the options in a source such as `synthetic:seed=3,clean`. */
export function parseSynthetic(
  source: string,
): SyntheticOptions & Required<Omit<SyntheticOptions, "unseen">> {
  const body = source.slice("synthetic".length).replace(/^:/, "");
  const given = new Map<string, number>();
  let unseen: SyntheticKind | undefined;
  for (const part of body.split(",").filter((piece) => piece.trim() !== "")) {
    const [key = "", value] = part.trim().split("=", 2);
    if (!KEYS.includes(key))
      throw new DataError("data.format", `"${source}": "${key}" is not an option of the synthetic data.`, {
        hint: suggestion(key, KEYS),
      });
    if (key === "unseen") unseen = kindNamed(source, value ?? "");
    else given.set(key, key === "clean" && value === undefined ? 1 : wholeNumber(source, key, value));
  }
  const size = (key: string, usual: number): number => given.get(key) ?? usual;
  const sizes = { train: size("train", 1284), valid: size("valid", 229), test: size("test", 686) };
  for (const [key, value] of Object.entries(sizes)) {
    if (value < 2 || value > 1_000_000)
      throw new DataError("data.format", `"${source}": ${key} must be between 2 and 1000000.`, {
        hint: "Choose another size.",
      });
  }
  const cleanOnly = given.get("clean") === 1;
  if (cleanOnly && unseen !== undefined)
    throw new DataError("data.format", `"${source}": clean data have no unseen corruption.`, {
      hint: "Give clean or unseen, not both.",
    });
  return { seed: given.get("seed") ?? 1, cleanOnly, sizes, ...(unseen !== undefined && { unseen }) };
}

function kindNamed(source: string, name: string): SyntheticKind {
  const known = syntheticKinds.find((kind) => kind === name || ownName(kind) === name);
  if (known !== undefined) return known;
  throw new DataError("data.format", `"${source}": unseen must be a kind of corruption, but is "${name}".`, {
    hint: suggestion(name, syntheticKinds),
  });
}

function wholeNumber(source: string, key: string, value: string | undefined): number {
  const number = value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : NaN;
  if (Number.isSafeInteger(number)) return number;
  throw new DataError("data.format", `"${source}": ${key} must be a whole number, but is "${value ?? ""}".`, {
    hint: `For example: synthetic:${key}=3`,
  });
}
