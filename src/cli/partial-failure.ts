import { type ErrorCode, EuarError } from "../core/errors.js";

/** A failure that the printed result already describes: only the exit code follows from it. */
export class ReportedFailure extends EuarError {}

/** A failure of some of many inputs. The result has the reason of each; the code is that of the first. */
export class PartialFailure extends ReportedFailure {
  constructor(code: ErrorCode, failed: number, total: number, done: "scored" | "aligned" | "run") {
    super(code, `${failed} of ${total} inputs could not be ${done}; their lines say why`);
  }
}
