import { defined } from "../../core/defined.js";
import { ShapeError } from "../../core/errors.js";
import type { Tape } from "../tape.js";
import { formatShape, type Tensor } from "../tensor.js";

/**
 * Selects rows of a table by index, e.g. token embeddings.
 *
 * If the table is a parameter with one group per row, the gradient holds only the used rows, and the
 * optimiser reads and updates only these.
 * @param table [V, D]
 * @param indices [R], each in [0, V)
 * @returns [R, D]
 * @throws ShapeError if the table is not a matrix or an index lies outside it
 */
export function embedding(tape: Tape, table: Tensor, indices: ArrayLike<number>): Tensor {
  const { backend } = tape;
  if (table.shape.length !== 2)
    throw new ShapeError(`embedding: the table must be [V, D], got ${formatShape(table.shape)}`);
  const rows = table.extent(0);
  const width = table.extent(1);
  const count = indices.length;
  const chosen = backend.scratchInts(count);
  const view = chosen.view;
  for (let i = 0; i < count; i++) {
    const index = defined(indices[i]);
    if (!Number.isInteger(index) || index < 0 || index >= rows)
      throw new ShapeError(`embedding: index ${index} at position ${i} is not a row of a table of ${rows}`);
    view[i] = index;
  }
  const output = tape.output([count, width], [table]); // [R, D]
  backend.gatherRows(table.buffer, width, chosen, count, output.buffer);
  tape.record(output, (dout) => {
    if (table.parameter?.groups === rows) tape.addRowGradient(table, dout, chosen);
    else backend.scatterAddRows(dout, width, chosen, count, tape.gradientOf(table));
  });
  return output;
}
