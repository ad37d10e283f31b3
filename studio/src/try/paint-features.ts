import type { ShownFeatures } from "../score/protocol.js";

/** Standard deviations from the mean that get the full colour. */
const FULL = 1.5;
/** Weakest colour of a value other than 0, so that small values differ from missing ones. */
const FAINT = 0.08;
/** Number of rows in the picture of a single vector. */
const ROWS = 8;

/**
 * Paints features as a grid: blue below the training mean, orange above. A sequence has one column per step;
 * a single vector is folded into rows.
 */
export function paintFeatures(canvas: HTMLCanvasElement, { width, steps, values }: ShownFeatures): void {
  const rows = steps > 1 ? width : Math.min(ROWS, width);
  const columns = steps > 1 ? steps : Math.ceil(width / rows);
  canvas.width = columns;
  canvas.height = rows;
  const context = canvas.getContext("2d");
  if (!context) return;
  const style = getComputedStyle(canvas);
  const [below, above] = [style.getPropertyValue("--blue"), style.getPropertyValue("--orange")];
  context.clearRect(0, 0, columns, rows);
  for (const [at, value] of values.entries()) {
    const [column, row] =
      steps > 1 ? [Math.floor(at / width), at % width] : [at % columns, Math.floor(at / columns)];
    context.globalAlpha = value === 0 ? 0 : FAINT + (1 - FAINT) * Math.min(1, Math.abs(value) / FULL);
    context.fillStyle = value < 0 ? below : above;
    context.fillRect(column, row, 1, 1);
  }
}
