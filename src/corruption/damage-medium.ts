import { ConfigError } from "../core/errors.js";
import { suggestion } from "../core/nearest.js";
import { randomKey } from "../core/random.js";
import type { DamageSpan } from "./damage-specification.js";
import { type MediaDamage, type Span, WHOLE } from "./media-damage.js";

/** One corruption of one medium. Plain data. */
export interface DamageStep {
  /** Name of a kind of the medium. */
  readonly kind: string;
  /** In [0, 1]. */
  readonly severity: number;
  /** Default: the whole medium. */
  readonly span?: DamageSpan;
}

/** Origin of the random numbers of one medium. The same seed and names give the same corruption. */
export interface DamageDraw {
  /** Start of the random numbers. */
  readonly seed: number;
  /** Name of the modality. */
  readonly modality: string;
  /** The sample's id. */
  readonly id: string;
}

/** The kinds of corruption of one kind of medium. */
export type DamageKinds<Medium> = Readonly<Record<string, MediaDamage<Medium>>>;

/** Medium with the inputs that its corruption may need. */
export interface DamagedMedium<Medium> {
  /** Medium to corrupt. It is not changed. */
  readonly medium: Medium;
  /** Length in seconds, for spans in seconds. */
  readonly seconds?: number | undefined;
  /** Medium of another sample. */
  readonly other?: Medium | undefined;
}

/**
 * Corrupts a medium by some steps, in order. Does not change the given medium.
 *
 * @throws ConfigError "config.invalid" for an unknown kind, a severity outside [0, 1], an empty span, a span
 * in seconds for a medium without length, or a missing other medium for a kind that needs one
 * @example
 * const draw = { seed: 1, modality: "text", id: "a" };
 * damageMedium(textDamages, { medium: { text } }, [{ kind: "typos", severity: 0.3 }], draw);
 */
export function damageMedium<Medium>(
  kinds: DamageKinds<Medium>,
  { medium, seconds, other }: DamagedMedium<Medium>,
  steps: readonly DamageStep[],
  { seed, modality, id }: DamageDraw,
): Medium {
  return steps.reduce((current, { kind, severity, span }, round) => {
    const key = randomKey(seed, `damage/${kind}/${round}/${modality}/${id}`);
    const context = { key, span: shareOf(span, seconds, kind), ...(other !== undefined && { other }) };
    return damageKind(kinds, kind).apply(current, severity, context);
  }, medium);
}

/** @throws ConfigError "config.invalid" for an unknown kind, with a suggestion */
export function damageKind<Medium>(kinds: DamageKinds<Medium>, name: string): MediaDamage<Medium> {
  const found = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  if (found !== undefined) return found;
  throw new ConfigError("config.invalid", `there is no corruption "${name}" of this medium`, {
    hint: suggestion(name, Object.keys(kinds)),
  });
}

function shareOf(span: DamageSpan | undefined, seconds: number | undefined, kind: string): Span {
  if (span === undefined) return WHOLE;
  if (span.unit === "share") return span;
  if (seconds === undefined || !(seconds > 0))
    throw new ConfigError("config.invalid", `${kind}: a span in seconds needs a medium that has a length`, {
      hint: "Give the span in shares, for example @0.2-0.8.",
    });
  const [start, end] = [span.start / seconds, Math.min(1, span.end / seconds)];
  if (start < end) return { start, end };
  throw new ConfigError(
    "config.invalid",
    `${kind}: the span begins at ${span.start} s, but the medium ends at ${seconds.toFixed(2)} s`,
    { hint: "Choose an earlier span, or give it in shares." },
  );
}
