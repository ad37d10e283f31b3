import type { OptionRules } from "../core/check-options.js";
import { oneOf, rules } from "../core/checked-call.js";
import { backendNames } from "./create-backend.js";
import type {
  PredictFeatureOptions,
  PredictMediaOptions,
  PredictOptions,
  PredictorOptions,
} from "./load-options.js";
import { PREDICTION_TASKS } from "./prediction.js";

/**
 * Rules of the options of loading a model. They need no schema library, so that a page that only predicts
 * does not load one.
 */
export const loadRules: OptionRules<keyof PredictorOptions | "name"> = {
  backend: oneOf(backendNames),
  threads: rules.count,
  arithmetic: { expected: "exact or fast", holds: oneOf(["exact", "fast"]).holds },
  media: {
    expected: "an environment that decodes media",
    holds: (value) => typeof value === "object" && value !== null,
  },
  encoder: {
    expected: "the files of an encoder",
    holds: (value) => typeof value === "object" && value !== null && "open" in value,
  },
  task: oneOf(PREDICTION_TASKS),
  name: rules.text,
};

/** Rules of the options of a prediction. */
export const predictRules: OptionRules<keyof PredictOptions> = {
  level: {
    expected: "a number between 0 and 1",
    holds: (value) => typeof value === "number" && value > 0 && value < 1,
  },
};

/** Rules of the options of a prediction from features. */
export const predictFeatureRules: OptionRules<keyof PredictFeatureOptions> = {
  ...predictRules,
  diagnostics: rules.flag,
};

/** Rules of the options of a prediction from raw media. */
export const predictMediaRules: OptionRules<keyof PredictMediaOptions> = {
  ...predictRules,
  signal: { expected: "an AbortSignal", holds: (value) => value instanceof AbortSignal },
  reuse: rules.flag,
  checkTranscript: rules.flag,
};
