import { type ErrorCode, EuarError } from "../core/errors.js";

/** A failure that the printed result tells already: stdout needs no further word, the exit code says it. */
export class ReportedFailure extends EuarError {}

/** Some of many inputs failed, and the result says of each what was wrong. The code is that of the first. */
export class PartialFailure extends ReportedFailure {
  constructor(code: ErrorCode, failed: number, total: number, done: "scored" | "aligned" | "run") {
    super(code, `${failed} of ${total} inputs could not be ${done}; their lines say why`);
  }
}
