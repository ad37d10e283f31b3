import type { ErrorCode, EuarError } from "../core/errors.js";

const CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "media.missing-package",
  "media.missing-tool",
  "backend.unavailable",
  "backend.out-of-memory",
  "io.write",
  "internal",
]);

/** Whether what went wrong lies in the machine and not in a sample: it would fail every sample. */
export function isAboutTheMachine({ code }: EuarError): boolean {
  return CODES.has(code);
}
