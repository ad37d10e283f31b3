import type { EuarError } from "../../core/errors.js";
import { PartialFailure } from "../partial-failure.js";
import type { ErrorAnswer } from "./error-answer.js";

/** Counts failed inputs, for the exit code. */
export class Tally {
  total = 0;
  private failed = 0;
  private first: EuarError["code"] | undefined;

  add(answer: object | ErrorAnswer): void {
    this.total += 1;
    if (!("error" in answer)) return;
    this.failed += 1;
    this.first ??= answer.error.code;
  }

  /**
   * Reports the failures.
   * @throws PartialFailure if any input failed
   */
  finish(): void {
    if (this.first !== undefined) throw new PartialFailure(this.first, this.failed, this.total, "scored");
  }
}
