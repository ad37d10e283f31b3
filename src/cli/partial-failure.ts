import { type ErrorCode, EuarError } from "../core/errors.js";

/** Failure that the printed result already describes. It only sets the exit code. */
export class ReportedFailure extends EuarError {}

/** Failure of some of many inputs. The result has the reason of each; the code is that of the first. */
export class PartialFailure extends ReportedFailure {
  constructor(code: ErrorCode, failed: number, total: number, done: "scored" | "aligned" | "run") {
    super(code, `${failed} of ${total} inputs could not be ${done}; see the errors in their output lines`);
  }
}
