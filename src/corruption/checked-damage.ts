import { checkSeverity, checkSpan } from "./check-media-damage.js";
import type { DamageContext, DamageDescription } from "./media-damage.js";

interface Change<Medium, Context> {
  /** Checks a medium before anything else reads it. */
  readonly check?: (medium: Medium, context: Context) => void;
  /** Returns the changed medium. */
  readonly change: (medium: Medium, context: Context, severity: number) => Medium;
}

/** Kind of corruption, with its own type of context. */
interface CheckedDamage<Medium, Context> extends DamageDescription {
  readonly apply: (medium: Medium, severity: number, context: Context) => Medium;
}

/**
 * Makes a kind of corruption of any medium. Its `apply` checks the severity, the span and the medium, in this
 * order. For a severity of 0 it returns the medium itself.
 */
export function checkedDamage<Medium, Context extends DamageContext<Medium> = DamageContext<Medium>>(
  description: DamageDescription,
  { check, change }: Change<Medium, Context>,
): CheckedDamage<Medium, Context> {
  return {
    ...description,
    apply: (medium, severity, context) => {
      checkSeverity(severity);
      checkSpan(context.span);
      check?.(medium, context);
      return severity === 0 ? medium : change(medium, context, severity);
    },
  };
}
