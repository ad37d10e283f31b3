import { checkedPromise, must, oneOf, optional, optionsOf } from "../core/checked-call.js";
import * as backends from "./create-backend.js";
import { loadRules } from "./option-rules.js";

// `createBackend` of `euar/tensor`, with the types of its arguments checked.

const { threads, arithmetic } = loadRules;

export const createBackend = checkedPromise("createBackend", backends.createBackend, [
  must(oneOf(backends.backendNames)),
  optional(optionsOf({ threads, arithmetic })),
]);
