import { checkByRules, type OptionRule, type OptionRules, shown } from "./check-options.js";
import { ConfigError, DataError } from "./errors.js";
import { isRecord } from "./is-record.js";

/**
 * Checks an argument of a public function.
 *
 * @param place function and argument, for the message
 * @throws EuarError
 */
export type ArgumentCheck = (value: unknown, place: string) => void;

type Checks<Arguments extends readonly unknown[]> = { readonly [Index in keyof Arguments]-?: ArgumentCheck };

/**
 * Wraps a function for callers without types. An argument of the wrong type gives an error that names it,
 * instead of a TypeError from deep inside. Code of this package calls the unwrapped function.
 *
 * @param checks one check per argument
 * @param problemOf describes arguments that have the right types but do not fit each other. Returns undefined
 * if they fit.
 */
/*#__NO_SIDE_EFFECTS__*/
export function checkedCall<Arguments extends unknown[], Result>(
  name: string,
  call: (...values: Arguments) => Result,
  checks: Checks<Arguments>,
  problemOf?: (...values: Required<Arguments>) => string | undefined,
): (...values: Arguments) => Result {
  const list: readonly ArgumentCheck[] = checks;
  return (...values) => {
    checkArguments(name, values, list);
    const problem = problemOf?.(...(values as Required<Arguments>));
    if (problem !== undefined)
      throw new DataError("data.width-mismatch", `${name}: ${problem}`, {
        hint: "See the function's documentation.",
      });
    return call(...values);
  };
}

/** Wraps an async function like {@link checkedCall}. A wrong argument rejects the promise. */
/*#__NO_SIDE_EFFECTS__*/
export function checkedPromise<Arguments extends unknown[], Result>(
  name: string,
  call: (...values: Arguments) => Promise<Result>,
  checks: Checks<Arguments>,
): (...values: Arguments) => Promise<Result> {
  const list: readonly ArgumentCheck[] = checks;
  return async (...values) => {
    checkArguments(name, values, list);
    return call(...values);
  };
}

/**
 * Checks the arguments of a call, in order.
 *
 * @throws EuarError for the first wrong argument
 */
export function checkArguments(
  name: string,
  values: readonly unknown[],
  checks: readonly ArgumentCheck[],
): void {
  for (const [i, check] of checks.entries()) check(values[i], `${name}, argument ${i + 1}`);
}

/**
 * Makes a check from a rule.
 *
 * @throws ConfigError "config.invalid"
 */
/*#__NO_SIDE_EFFECTS__*/
export function must({ expected, holds }: OptionRule): ArgumentCheck {
  return (value, place) => {
    if (holds(value)) return;
    throw new ConfigError("config.invalid", `${place} must be ${expected}, got ${shown(value)}`, {
      hint: "See the function's documentation.",
    });
  };
}

/** Makes a check that also accepts undefined. */
/*#__NO_SIDE_EFFECTS__*/
export function optional(check: ArgumentCheck): ArgumentCheck {
  return (value, place) => {
    if (value !== undefined) check(value, place);
  };
}

/**
 * Makes a check of an options object. Every option may be absent.
 *
 * @throws ConfigError "config.unknown-key" for an unknown option
 */
/*#__NO_SIDE_EFFECTS__*/
export function optionsOf(rules: OptionRules<string>): ArgumentCheck {
  return (value, place) => {
    checkByRules(rules, value, place);
  };
}

/** Makes a check of an object. Every key must be present, unless its rule accepts undefined. */
/*#__NO_SIDE_EFFECTS__*/
export function objectOf(expected: string, rules: OptionRules<string>): ArgumentCheck {
  const object = must({ expected, holds: isRecord });
  const keys = Object.entries(rules).map(([key, rule]) => ({ key, holds: rule.holds, check: must(rule) }));
  return (value, place) => {
    object(value, place);
    if (!isRecord(value)) return;
    for (const { key, holds, check } of keys)
      if (!holds(value[key])) check(value[key], `${place}, key "${key}",`);
  };
}

/** Rules of common types. */
export const rules = {
  text: { expected: "text", holds: (value) => typeof value === "string" },
  texts: {
    expected: "a list of texts",
    holds: (value) => Array.isArray(value) && value.every((item) => typeof item === "string"),
  },
  number: { expected: "a number", holds: (value) => typeof value === "number" },
  count: {
    expected: "a whole number of at least 1",
    holds: (value) => Number.isSafeInteger(value) && Number(value) >= 1,
  },
  whole: {
    expected: "a whole number of at least 0",
    holds: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
  },
  flag: { expected: "true or false", holds: (value) => typeof value === "boolean" },
  numbers: { expected: "an array of numbers", holds: isNumbers },
  list: { expected: "a list", holds: Array.isArray },
  object: { expected: "an object", holds: isRecord },
  call: { expected: "a function", holds: (value) => typeof value === "function" },
} as const satisfies Record<string, OptionRule>;

/** Makes a rule that accepts the given values only. */
/*#__NO_SIDE_EFFECTS__*/
export function oneOf(values: readonly string[]): OptionRule {
  return { expected: `one of ${values.join(", ")}`, holds: (value) => values.some((item) => item === value) };
}

/** Makes a rule that also accepts undefined. */
/*#__NO_SIDE_EFFECTS__*/
export function perhaps({ expected, holds }: OptionRule): OptionRule {
  return { expected, holds: (value) => value === undefined || holds(value) };
}

/** Checks of common types. */
export const TEXT = must(rules.text);
export const TEXTS = must(rules.texts);
export const NUMBER = must(rules.number);
export const COUNT = must(rules.count);
export const NUMBERS = must(rules.numbers);
export const LIST = must(rules.list);
export const OBJECT = must(rules.object);
export const FLAG = must(rules.flag);

/** True for arrays, typed arrays and other objects with a length whose items are numbers. */
function isNumbers(value: unknown): value is ArrayLike<number> {
  if (ArrayBuffer.isView(value)) return isTypedArray(value);
  if (typeof value !== "object" || value === null || !("length" in value)) return false;
  const { length } = value;
  if (typeof length !== "number" || !Number.isSafeInteger(length) || length < 0) return false;
  const items: ArrayLike<unknown> = Array.isArray(value) ? value : Array.from({ ...value, length });
  for (let i = 0; i < length; i++) if (typeof items[i] !== "number") return false;
  return true;
}

function isTypedArray(view: ArrayBufferView): boolean {
  return !(view instanceof DataView || view instanceof BigInt64Array || view instanceof BigUint64Array);
}
