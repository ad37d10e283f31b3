import { contributions } from "./contribution.js";
import type { Value } from "./graph-builder.js";
import { linear } from "./layers.js";
import type { ModelGraph } from "./model-graph.js";
import { meanOfInput } from "./pooling.js";

/**
 * models/linear.ts at evaluation, and models/ridge.ts, whose network it is: their options are all about
 * training.
 */
export function linearGraph(): ModelGraph {
  return {
    options: {},
    batchDependent: false,
    needsSteps: false,
    build: (site, ports, widths) => {
      const blocks = ports.map((port, m) =>
        site.graph.within(`${port.id}/mean`, () => meanOfInput(site, port, widths[m] ?? 0)),
      ); // [B, D]
      const predict = (parts: readonly Value[]): Value =>
        linear(site, "linear", site.graph.node("Concat", parts, { axis: { int: 1 } }));
      const prediction = site.graph.within("linear", () => predict(blocks));
      return {
        prediction,
        diagnostics: contributions(site, ports, blocks, prediction, predict).map((contribution) => ({
          contribution,
        })),
      };
    },
  };
}
