import { must } from "../core/checked-call.js";
import { isRecord } from "../core/is-record.js";

/** Checks a backend, of whatever kind. */
export const BACKEND = must({
  expected: "a backend, such as createWasmBackend gives",
  holds: (value) =>
    isRecord(value) && typeof value["name"] === "string" && typeof value["scratch"] === "function",
});

/** Checks a shape. */
export const SHAPE = must({
  expected: "a list of whole numbers",
  holds: (value) => Array.isArray(value) && value.every((size) => Number.isSafeInteger(size)),
});
