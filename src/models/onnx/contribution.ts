import type { Value } from "../../onnx/graph-builder.js";
import { reshape, shapeOf, type Site, sum } from "../../onnx/layers.js";
import type { ModalityPort } from "../../onnx/modality-input.js";

/**
 * Computes contributions as models/contribution.ts does: per modality, |prediction - prediction with its
 * block zeroed| summed over outputs, as a share of the sum over modalities.
 * @param blocks M blocks [B, W]
 * @param prediction [B, outputs]
 * @param predict maps blocks to predictions
 * @returns M shares [B]
 */
export function contributions(
  site: Site,
  ports: readonly ModalityPort[],
  blocks: readonly Value[],
  prediction: Value,
  predict: (blocks: readonly Value[]) => Value,
): Value[] {
  const { graph } = site;
  if (blocks.length === 1) return ports.map(({ present }) => reshape(site, present, [-1]));
  const changes = ports.map(({ id, present }, m) =>
    graph.within(`${id}/contribution`, () => {
      const without = predict(
        blocks.map((block, i) =>
          i === m ? graph.node("Expand", [graph.scalar(0), shapeOf(site, block)]) : block,
        ),
      );
      // [B, 1]
      const change = sum(site, graph.node("Abs", [graph.node("Sub", [prediction, without])]), 1, true);
      return graph.node("Mul", [change, present]);
    }),
  );
  return graph.within("contribution", () => {
    const total = graph.node("Sum", changes); // [B, 1]
    const owners = graph.node(
      "Sum",
      ports.map(({ present }) => present),
    ); // [B, 1]
    const known = graph.node("Greater", [total, graph.scalar(0)]);
    return ports.map(({ present }, m) => {
      const change = changes[m] ?? total;
      const equal = graph.node("Div", [present, graph.node("Max", [owners, graph.scalar(1)])]);
      return reshape(site, graph.node("Where", [known, graph.node("Div", [change, total]), equal]), [-1]);
    });
  });
}
