import { ConfigError } from "../core/errors.js";
import type { Span } from "./media-damage.js";

/** @throws ConfigError "config.invalid" for a severity outside [0, 1] */
export function checkSeverity(severity: number): void {
  if (severity >= 0 && severity <= 1) return;
  throw new ConfigError("config.invalid", `the severity of a corruption must be in [0, 1], got ${severity}`, {
    hint: "0 changes nothing, 1 is the strongest.",
  });
}

/** @throws ConfigError "config.invalid" for a span that is empty or not within the medium */
export function checkSpan({ start, end }: Span): void {
  if (start >= 0 && start < end && end <= 1) return;
  throw new ConfigError("config.invalid", `the span ${start} to ${end} is empty or not inside the medium`, {
    hint: "Give fractions of its length: 0 <= start < end <= 1.",
  });
}

/**
 * Returns the medium of another sample.
 * @param kind name of the kind, for the message
 * @throws ConfigError "config.invalid" if there is none
 */
export function requireOther<Medium>(other: Medium | undefined, kind = "this kind of corruption"): Medium {
  if (other !== undefined) return other;
  throw new ConfigError("config.invalid", `${kind} needs the medium of another sample, but there is none`, {
    hint: "Give at least two samples with this modality.",
  });
}
