/**
 * Errors for users. Each says what failed, where, what was expected, what was found and what to do.
 *
 * The command line maps error codes to exit codes. A server maps them to HTTP statuses. See docs/errors.md.
 */

/** Stable, documented identifiers. The part before the dot is the family, which determines the exit code. */
export type ErrorCode =
  | "shape.mismatch"
  | "config.invalid"
  | "config.unknown-key"
  | "config.conflict"
  | "data.not-found"
  | "data.format"
  | "data.truncated"
  | "data.unsafe"
  | "data.invalid-value"
  | "data.width-mismatch"
  | "data.unknown-modality"
  | "data.empty"
  | "data.missing-quality"
  | "checkpoint.format"
  | "checkpoint.mismatch"
  | "train.diverged"
  | "train.interrupted"
  | "backend.unavailable"
  | "backend.out-of-memory"
  | "backend.thread-lost"
  | "media.not-found"
  | "media.unsupported"
  | "media.damaged"
  | "media.too-large"
  | "media.missing-package"
  | "media.missing-tool"
  | "media.denied"
  | "media.mismatch"
  | "media.interrupted"
  | "io.write"
  | "io.interrupted"
  | "server.not-found"
  | "server.media-type"
  | "server.too-large"
  | "server.unauthorized"
  | "server.forbidden"
  | "server.rate-limit"
  | "server.overloaded"
  | "server.draining"
  | "server.timeout"
  | "server.storage-full"
  | "server.conflict"
  | "server.gave-up"
  | "server.address"
  | "internal";

/** Remedy and cause of an error. */
export interface ErrorDetails {
  /** Remedy, as a sentence. */
  readonly hint?: string;
  /** Error that led to this one. */
  readonly cause?: unknown;
}

/** Error of this package, with a stable code. A wrong input causes no other error. */
export class EuarError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = details.hint;
  }
}

/** Array with a wrong shape. The message names the rule and the shapes received. */
export class ShapeError extends EuarError {
  constructor(message: string, details: ErrorDetails = {}) {
    super("shape.mismatch", message, details);
  }
}

type CodeOf<Family extends string> = Extract<ErrorCode, `${Family}.${string}`>;

/** Invalid flag, option or config file. */
export class ConfigError extends EuarError {
  constructor(code: CodeOf<"config">, message: string, details: ErrorDetails = {}) {
    super(code, message, details);
  }
}

/** Invalid data file or feature input. The message names the file and the place in it. */
export class DataError extends EuarError {
  constructor(code: CodeOf<"data">, message: string, details: ErrorDetails = {}) {
    super(code, message, details);
  }
}

/** Unreadable clip, image, sound or transcript, or a missing tool to read it. The message names the file. */
export class MediaError extends EuarError {
  constructor(code: CodeOf<"media">, message: string, details: ErrorDetails = {}) {
    super(code, message, details);
  }
}

/** Unreadable run folder or weight file, or one that does not fit the model or data. */
export class CheckpointError extends EuarError {
  constructor(code: CodeOf<"checkpoint">, message: string, details: ErrorDetails = {}) {
    super(code, message, details);
  }
}

/** Training that cannot continue. */
export class TrainError extends EuarError {
  constructor(code: CodeOf<"train">, message: string, details: ErrorDetails = {}) {
    super(code, message, details);
  }
}

/** Compute backend that is unavailable or out of memory. */
export class BackendError extends EuarError {
  constructor(code: CodeOf<"backend">, message: string, details: ErrorDetails = {}) {
    super(code, message, details);
  }
}

/** Request that the server refuses, or a server that cannot start. */
export class ServerError extends EuarError {
  constructor(code: CodeOf<"server">, message: string, details: ErrorDetails = {}) {
    super(code, message, details);
  }
}
