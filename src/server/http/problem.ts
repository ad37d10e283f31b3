import { STATUS_CODES } from "node:http";
import { causeText } from "../../core/cause-text.js";
import { type ErrorCode, EuarError } from "../../core/errors.js";

/** HTTP statuses of error responses. */
export type ProblemStatus = 400 | 401 | 403 | 404 | 409 | 413 | 415 | 422 | 429 | 500 | 501 | 503 | 504 | 507;

/** Status of each family of codes. {@link STATUS_OF_CODE} overrides it for single codes. */
const STATUS_OF_FAMILY: Readonly<Record<string, ProblemStatus>> = {
  config: 400,
  data: 422,
  shape: 422,
  checkpoint: 422,
  train: 422,
  backend: 503,
  io: 500,
  media: 422,
  server: 500,
  internal: 500,
};

const STATUS_OF_CODE: Readonly<Partial<Record<ErrorCode, ProblemStatus>>> = {
  "config.conflict": 409,
  "data.format": 400,
  "media.unsupported": 415,
  "media.too-large": 413,
  "media.missing-package": 501,
  "media.missing-tool": 501,
  "media.interrupted": 503,
  "train.interrupted": 409,
  "server.not-found": 404,
  "server.media-type": 415,
  "server.too-large": 413,
  "server.unauthorized": 401,
  "server.forbidden": 403,
  "server.rate-limit": 429,
  "server.overloaded": 429,
  "server.draining": 503,
  "server.timeout": 504,
  "server.storage-full": 507,
  "server.conflict": 409,
};

/** Error in an HTTP response: problem details of RFC 9457, with the code and the remedy. */
export interface Problem {
  /** Identifies the kind of error: "urn:euar:error:" and the code. */
  readonly type: string;
  /** Text of the status. */
  readonly title: string;
  readonly status: ProblemStatus;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly hint: string | null;
}

/** Code, message and hint of an error, which may come from a worker thread. */
export interface ErrorText {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** Returns the HTTP status of an error code. */
export function statusOf(code: ErrorCode): ProblemStatus {
  const [family = ""] = code.split(".");
  return STATUS_OF_CODE[code] ?? STATUS_OF_FAMILY[family] ?? 500;
}

/** Describes an error for an HTTP response. Only the server's log has the text of an internal error. */
export function problemOf({ code, message, hint }: ErrorText): Problem {
  const status = statusOf(code);
  return {
    type: `urn:euar:error:${code}`,
    title: STATUS_CODES[status] ?? "Error",
    status,
    detail:
      code === "internal" ? "an unexpected error occurred in the server; its log has the details" : message,
    code,
    hint: hint ?? null,
  };
}

/** Converts any thrown value to code, message and hint. */
export function errorTextOf(thrown: unknown): ErrorText {
  if (thrown instanceof EuarError) return thrown;
  return {
    code: "internal",
    message: thrown instanceof Error ? (thrown.stack ?? causeText(thrown)) : causeText(thrown),
  };
}

/** Returns an HTTP response with problem details. */
export function problemAnswer(error: ErrorText, headers: Readonly<Record<string, string>> = {}): Response {
  const problem = problemOf(error);
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      ...(problem.status === 429 || problem.status === 503 ? { "retry-after": "1" } : {}),
      ...headers,
    },
  });
}
