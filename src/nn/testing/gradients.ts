import type { Backend } from "../../tensor/backend.js";
import type { Parameter } from "../../tensor/tensor.js";

/** Expands a parameter's gradient. Zeros for inactive experts; undefined without a gradient. */
export function gradientValues(backend: Backend, parameter: Parameter): number[] | undefined {
  const gradient = parameter.gradient;
  if (gradient === undefined) return undefined;
  if (gradient.kind === "dense") return Array.from(gradient.buffer.view.subarray(0, parameter.size));
  const dense = backend.scratch(parameter.size);
  backend.fill(dense, 0);
  if (gradient.kind === "rows") {
    backend.scatterAddRows(gradient.values, gradient.width, gradient.rows, gradient.count, dense);
    return Array.from(dense.view.subarray(0, parameter.size));
  }
  backend.groupedWeightGradient(
    gradient.x,
    gradient.dout,
    gradient.dispatch,
    gradient.inputs,
    gradient.outputs,
    dense,
  );
  return Array.from(dense.view.subarray(0, parameter.size));
}
