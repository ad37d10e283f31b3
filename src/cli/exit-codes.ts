import { causeText } from "../core/cause-text.js";
import { EuarError, type ErrorCode } from "../core/errors.js";

/** Exit codes by the family of an error's code. The table in docs/errors.md is generated from this. */
export const exitCodes = {
  internal: 1,
  config: 2,
  data: 3,
  shape: 3,
  checkpoint: 4,
  train: 5,
  backend: 6,
  io: 7,
  media: 8,
  server: 9,
} as const;

/** Exit code of an interrupted run (128 + SIGINT). */
export const INTERRUPTED = 130;

type Family = ErrorCode extends infer Code ? (Code extends `${infer Head}.${string}` ? Head : Code) : never;

/** Returns the family of a code: the part before the dot. */
function familyOf(code: ErrorCode): Family {
  // The type Family splits the union's members at the dot, so a new family without an exit code does not
  // compile.
  return code.split(".")[0] as Family;
}

export function exitCodeOf(code: ErrorCode): number {
  return code.endsWith(".interrupted") ? INTERRUPTED : exitCodes[familyOf(code)];
}

/**
 * Converts Node's errors that a user can cause to errors with our codes. Any other error is a bug in euar.
 */
export function asEuarError(error: unknown): EuarError {
  if (error instanceof EuarError) return error;
  const message = causeText(error);
  const systemCode =
    error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  if (systemCode === "ENOENT")
    return new EuarError("data.not-found", message, { hint: "Check the path.", cause: error });
  if (
    ["EACCES", "EPERM", "EISDIR", "ENOTDIR", "ENOSPC", "EROFS", "EMFILE", "ENAMETOOLONG"].includes(systemCode)
  ) {
    return new EuarError("io.write", message, {
      hint: "Check the path, its permissions and the free disk space.",
      cause: error,
    });
  }
  return new EuarError("internal", `unexpected error: ${message}`, {
    hint: "This is a bug in euar. Run the command again with --debug and report what it prints.",
    cause: error,
  });
}
