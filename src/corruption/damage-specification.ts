import { checkText } from "../core/check-options.js";
import { ConfigError } from "../core/errors.js";

/** Span of a medium, in fractions of its length or in seconds. */
export interface DamageSpan {
  /** Unit of both ends. */
  readonly unit: "share" | "seconds";
  /** Start of the span. */
  readonly start: number;
  /** End of the span. */
  readonly end: number;
}

/** Corruption of one modality's media. Plain data. */
export interface DamagePart {
  /** Name of the modality. */
  readonly modality: string;
  /** Name of a kind of the modality's medium. */
  readonly kind: string;
  /**
   * Smallest and largest severity, in [0, 1]. Each sample draws its severity between them. Absent if none is
   * given.
   */
  readonly severity?: readonly [least: number, most: number];
  /** Default: the whole medium. */
  readonly span?: DamageSpan;
}

const EXAMPLE =
  "For example: audio=babble:0.6, audio=babble:0.6@0.2-0.8,text=typos:0.3, or vision=blur:0.2-0.9@1s-4s.";
const NUMBER = String.raw`\d*\.?\d+`;
const PART = /^([^=:@,\s]+)\s*=\s*([^=:@,\s]+)(?::([^@]*))?(?:@(.*))?$/;
const SEVERITY = new RegExp(`^(${NUMBER})(?:-(${NUMBER}))?$`);
const SPAN = new RegExp(`^(${NUMBER})(s?)-(${NUMBER})(s?)$`);

/**
 * Parses a specification of corruptions of media: parts `MODALITY=KIND:SEVERITY` separated by commas.
 *
 * `:LEAST-MOST` draws a severity for each sample. `@START-END` limits the corruption to a span, in fractions
 * of the length or, as `@1s-4s`, in seconds. The severity is optional.
 * @throws ConfigError "config.invalid" for an invalid part
 * @example
 * parseDamage("audio=babble:0.6@0.2-0.8,text=typos:0.3")
 */
export function parseDamage(specification: string): DamagePart[] {
  checkText(specification, "parseDamage: the specification");
  return specification.split(",").map((part) => parsePart(part.trim(), specification));
}

function parsePart(part: string, whole: string): DamagePart {
  const [, modality, kind, severity, span] = PART.exec(part) ?? [];
  if (modality === undefined || kind === undefined)
    throw wrong(whole, part === "" ? "a part is empty" : `"${part}" is not MODALITY=KIND:SEVERITY`);
  return {
    modality,
    kind,
    ...(severity !== undefined && { severity: parseSeverity(severity.trim(), whole) }),
    ...(span !== undefined && { span: parseSpan(span.trim(), whole) }),
  };
}

function parseSeverity(text: string, whole: string): readonly [number, number] {
  const [, low, high = low] = SEVERITY.exec(text) ?? [];
  const [least, most] = [Number(low ?? NaN), Number(high ?? NaN)];
  if (least <= most && most <= 1) return [least, most];
  throw wrong(whole, `"${text}" is neither a severity in [0, 1] nor a rising range of them`);
}

function parseSpan(text: string, whole: string): DamageSpan {
  const [, from, unit, to, toUnit] = SPAN.exec(text) ?? [];
  const [start, end] = [Number(from ?? NaN), Number(to ?? NaN)];
  const inSeconds = unit === "s";
  if (unit === toUnit && start < end && (inSeconds || end <= 1))
    return { unit: inSeconds ? "seconds" : "share", start, end };
  throw wrong(whole, `"@${text}" is neither a span of shares in [0, 1] nor of seconds`);
}

function wrong(specification: string, what: string): ConfigError {
  return new ConfigError("config.invalid", `"${specification}": ${what}.`, { hint: EXAMPLE });
}

/** Returns the specification that {@link parseDamage} reads. */
export function showDamage({ modality, kind, severity, span }: DamagePart): string {
  const [least, most] = severity ?? [];
  const unit = span?.unit === "seconds" ? "s" : "";
  return [
    `${modality}=${kind}`,
    least === undefined ? "" : least === most ? `:${least}` : `:${least}-${most}`,
    span === undefined ? "" : `@${span.start}${unit}-${span.end}${unit}`,
  ].join("");
}
