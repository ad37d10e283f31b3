import type { ErrorCode, EuarError } from "../core/errors.js";

const CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "media.missing-package",
  "media.missing-tool",
  "backend.unavailable",
  "backend.out-of-memory",
  "io.write",
  "internal",
]);

/** True for an error that lies in the machine, not in a sample, and would repeat for every sample. */
export function isAboutTheMachine({ code }: EuarError): boolean {
  return CODES.has(code);
}
