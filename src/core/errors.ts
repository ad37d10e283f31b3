/**
 * Every failure that a user can meet is a {@link EuarError}: what was being done, what was expected, what
 * came, what to do.
 * The command line maps codes to exit codes, a server maps them to statuses; see docs/errors.md.
 */

/** Stable, documented identifiers. The part before the dot is the family, which decides the exit code. */
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
  | "checkpoint.format"
  | "checkpoint.mismatch"
  | "train.diverged"
  | "train.interrupted"
  | "backend.unavailable"
  | "backend.out-of-memory"
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
  | "internal";

export interface ErrorDetails {
  /** What to do about it, as a sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
}

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

/** An array whose shape breaks an invariant. The message names the invariant and the shapes received. */
export class ShapeError extends EuarError {
  constructor(message: string, details: ErrorDetails = {}) {
    super("shape.mismatch", message, details);
  }
}

type CodeOf<Family extends string> = Extract<ErrorCode, `${Family}.${string}`>;

/** A flag, option or config file that cannot be accepted. */
export class ConfigError extends EuarError {
  constructor(code: CodeOf<"config">, message: string, details: ErrorDetails = {}) {
    super(code, message, details);
  }
}

/** A data file or feature input that cannot be accepted. The message names the file and the place in it. */
export class DataError extends EuarError {
  constructor(code: CodeOf<"data">, message: string, details: ErrorDetails = {}) {
    super(code, message, details);
  }
}

/**
 * A clip, image, sound or transcript that cannot be read, or what is needed to read it. The message names the
 * file.
 */
export class MediaError extends EuarError {
  constructor(code: CodeOf<"media">, message: string, details: ErrorDetails = {}) {
    super(code, message, details);
  }
}

/** A run folder or weight file that cannot be read or does not fit. */
export class CheckpointError extends EuarError {
  constructor(code: CodeOf<"checkpoint">, message: string, details: ErrorDetails = {}) {
    super(code, message, details);
  }
}

/** Training that cannot go on. */
export class TrainError extends EuarError {
  constructor(code: CodeOf<"train">, message: string, details: ErrorDetails = {}) {
    super(code, message, details);
  }
}

/** A compute backend that cannot do what was asked. */
export class BackendError extends EuarError {
  constructor(code: CodeOf<"backend">, message: string, details: ErrorDetails = {}) {
    super(code, message, details);
  }
}
