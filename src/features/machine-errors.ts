import type { ErrorCode, EuarError } from "../core/errors.js";

const CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "media.missing-package",
  "media.missing-tool",
  "backend.unavailable",
  "backend.out-of-memory",
  "io.write",
  "internal",
]);

/** Returns true for an error of the machine, not of a sample. It would repeat for every sample. */
export function isAboutTheMachine({ code }: EuarError): boolean {
  return CODES.has(code);
}
