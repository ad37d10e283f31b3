import type { OptionRules } from "../core/check-options.js";
import { backendNames } from "./create-backend.js";
import type { PredictMediaOptions, PredictOptions, PredictorOptions } from "./load-options.js";
import { PREDICTION_TASKS } from "./prediction.js";

const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;
const isOneOf =
  (values: readonly string[]) =>
  (value: unknown): boolean =>
    values.some((one) => one === value);

/** Rules of the options of loading a model. They need no library: a page that only predicts loads none. */
export const loadRules: OptionRules<keyof PredictorOptions | "name"> = {
  backend: { expected: `one of ${backendNames.join(", ")}`, holds: isOneOf(backendNames) },
  threads: {
    expected: "a whole number of at least 1",
    holds: (value) => Number.isInteger(value) && Number(value) >= 1,
  },
  arithmetic: { expected: "exact or fast", holds: isOneOf(["exact", "fast"]) },
  media: { expected: "an environment of media", holds: isObject },
  encoder: {
    expected: "the files of an encoder",
    holds: (value) => typeof value === "object" && value !== null && "open" in value,
  },
  task: { expected: `one of ${PREDICTION_TASKS.join(", ")}`, holds: isOneOf(PREDICTION_TASKS) },
  name: { expected: "text", holds: (value) => typeof value === "string" },
};

/** Rules of the options of a prediction. */
export const predictRules: OptionRules<keyof PredictOptions> = {
  level: {
    expected: "a number between 0 and 1",
    holds: (value) => typeof value === "number" && value > 0 && value < 1,
  },
};

/** Rules of the options of a prediction from raw media. */
export const predictMediaRules: OptionRules<keyof PredictMediaOptions> = {
  ...predictRules,
  signal: { expected: "an AbortSignal", holds: (value) => value instanceof AbortSignal },
};
