import type { OptionRule } from "../core/check-options.js";
import { must } from "../core/checked-call.js";
import { isRecord } from "../core/is-record.js";
import { Tensor } from "./tensor.js";

/** Rule of a tensor. */
export const tensor: OptionRule = { expected: "a tensor", holds: (value) => value instanceof Tensor };

/** Checks that an argument is a tensor. */
export const TENSOR = must(tensor);

/** Checks that an argument is a backend. */
export const BACKEND = must({
  expected: "a backend, e.g. from createWasmBackend",
  holds: (value) =>
    isRecord(value) && typeof value["name"] === "string" && typeof value["scratch"] === "function",
});

/** Checks that an argument is a shape. */
export const SHAPE = must({
  expected: "a list of whole numbers",
  holds: (value) => Array.isArray(value) && value.every((size) => Number.isSafeInteger(size)),
});
