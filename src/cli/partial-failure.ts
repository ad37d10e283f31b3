import { type ErrorCode, EuarError } from "../core/errors.js";

/**
 * Some of many inputs failed, and the result says of each what was wrong: stdout needs no further word. The
 * exit code is that of the first failure.
 */
export class PartialFailure extends EuarError {
  constructor(code: ErrorCode, failed: number, total: number, done: "scored" | "aligned" | "run") {
    super(code, `${failed} of ${total} inputs could not be ${done}; their lines say why`);
  }
}
