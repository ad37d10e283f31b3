/** Axis of a prediction. */
export interface Scale {
  /** Returns the place of a value on the axis, in [0, 1]. */
  readonly shareOf: (value: number) => number;
  readonly ticks: readonly number[];
}

/** Spaces between ticks, in units of a power of ten. */
const STEPS = [1, 2, 5, 10];
/** Maximum number of ticks of an axis. */
const TICKS = 7;

/**
 * Returns an axis that contains all values.
 * @param range scale of the labels, which the axis contains too
 */
export function scaleOf(
  range: readonly [number, number] | undefined,
  values: readonly (number | undefined)[],
): Scale {
  const known = [...values, ...(range ?? [])].filter((value) => value !== undefined);
  const [least, most] = known.length === 0 ? [-1, 1] : [Math.min(...known), Math.max(...known)];
  const step = tickStep(most - least || 1);
  const low = Math.floor(least / step + 1e-9) * step;
  const high = Math.max(low + step, Math.ceil(most / step - 1e-9) * step);
  const ticks = Array.from({ length: Math.round((high - low) / step) + 1 }, (_, i) =>
    Number((low + i * step).toPrecision(12)),
  );
  return { shareOf: (value) => Math.min(1, Math.max(0, (value - low) / (high - low))), ticks };
}

function tickStep(width: number): number {
  const power = 10 ** Math.floor(Math.log10(width / TICKS));
  const factor = STEPS.find((step) => width / (step * power) <= TICKS) ?? 10;
  return factor * power;
}
