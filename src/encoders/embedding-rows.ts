import { EuarError } from "../core/errors.js";
import type { IntBuffer } from "../tensor/backend.js";
import type { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";

/**
 * Rows of a table by index. Only the rows that were read get a gradient: the optimiser leaves the others, and
 * their moments, alone.
 * @param table [V, D]
 * @param ids [R], each in [0, V)
 * @returns [R, D]
 */
export function embeddingRows(tape: Tape, table: Tensor, ids: Int32Array): Tensor {
  const { backend } = tape;
  const [rows, width] = [table.extent(0), table.extent(1)];
  const outside = ids.find((id) => id < 0 || id >= rows);
  if (outside !== undefined)
    throw new EuarError("internal", `token ${outside} is not among the ${rows} of the encoder's table`);
  const chosen = backend.scratchInts(ids.length);
  chosen.view.set(ids);
  const output = tape.output([ids.length, width], [table]);
  backend.gatherRows(table.buffer, width, chosen, ids.length, output.buffer);
  tape.record(output, (dout) => {
    const { parameter } = table;
    const isFirst = parameter?.gradient === undefined;
    const buffer = tape.gradientOf(table);
    backend.scatterAddRows(dout, width, chosen, ids.length, buffer);
    if (!parameter || !isFirst || parameter.groups !== rows) return;
    const offsets = touchedOffsets(ids, rows, backend.scratchInts(rows + 1));
    const none = backend.scratchInts(0);
    parameter.gradient = {
      kind: "dense",
      buffer,
      active: { experts: rows, pairs: ids.length, offsets, rows: none, slots: none, pairOf: none },
    };
  });
  return output;
}

/** [V + 1]: offsets[v] !== offsets[v + 1] where row v was read. */
function touchedOffsets(ids: Int32Array, rows: number, offsets: IntBuffer): IntBuffer {
  const touched = new Uint8Array(rows);
  for (const id of ids) touched[id] = 1;
  const view = offsets.view;
  let sum = 0;
  for (let v = 0; v < rows; v++) {
    view[v] = sum;
    sum += touched[v] ?? 0;
  }
  view[rows] = sum;
  return offsets;
}
