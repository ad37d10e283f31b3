import { z } from "zod";
import type { OptionRule } from "../core/check-options.js";
import { loadRules, predictRules } from "./option-rules.js";

/** Rules of option-rules.ts as fields of schemas, for functions with schemas for their other options. */

const field = ({ expected, holds }: OptionRule): z.ZodOptional =>
  z.custom(holds, `must be ${expected}`).optional();

/** Options of the backend that computes. */
export const backendFields = {
  backend: field(loadRules.backend),
  threads: field(loadRules.threads),
  arithmetic: field(loadRules.arithmetic),
};

/** Options of loading a model. */
export const loadFields = {
  ...backendFields,
  media: field(loadRules.media),
  encoder: field(loadRules.encoder),
};

/** Nominal coverage of intervals and sets of classes. */
export const levelField = { level: field(predictRules.level) };
