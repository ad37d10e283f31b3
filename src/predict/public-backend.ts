import { checkedPromise, must, oneOf, optional, optionsOf } from "../core/checked-call.js";
import * as backends from "./create-backend.js";
import { loadRules } from "./option-rules.js";

// `createBackend` of `euar/tensor`, with the types of its arguments checked.

const { threads, arithmetic } = loadRules;

/**
 * Creates a backend. Loads only the code of this backend.
 *
 * @throws BackendError `backend.unavailable` if it cannot run here
 * @throws ConfigError `config.invalid` for an unknown name, `config.conflict` for fast arithmetic on a
 * backend that has none
 * @example const backend = await createBackend("auto");
 */
export const createBackend = checkedPromise("createBackend", backends.createBackend, [
  must(oneOf(backends.backendNames)),
  optional(optionsOf({ threads, arithmetic })),
]);
