import { defined } from "../../core/defined.js";
import { STATISTICS_WIDTH } from "../../nn/input-statistics.js";
import { contributions } from "./contribution.js";
import type { Value } from "../../onnx/graph-builder.js";
import { linear, reshape, type Site } from "../../onnx/layers.js";
import type { ModalityPort } from "../../onnx/modality-input.js";
import type { ModelGraph } from "../../onnx/model-graph.js";
import { meanOfInput } from "../../onnx/pooling.js";
import type { LinearConfig } from "../linear-config.js";
import { qualityWithoutGraph } from "./quality-without-graph.js";
import { inputStatistics } from "./signal-head.js";

/**
 * Builds linear.ts at evaluation. Also serves ridge.ts, which has the same network. Of their options, only
 * `inputStatistics` changes the computation of a trained model.
 * @throws ConfigError "config.conflict" for `inputQuality`, which has no graph
 */
export function linearGraph({
  inputStatistics: reads = false,
  inputQuality = false,
}: Pick<LinearConfig, "inputStatistics" | "inputQuality">): ModelGraph {
  if (inputQuality) throw qualityWithoutGraph("inputQuality");
  return {
    options: reads ? { inputStatistics: true } : {},
    batchDependent: false,
    needsSteps: false,
    build: (site, ports, widths) => {
      const means = ports.map((port, m) =>
        site.graph.within(`${port.id}/mean`, () => meanOfInput(site, port, defined(widths[m]))),
      ); // [B, D]
      const read = reads
        ? ports.map((port, m) =>
            site.graph.within(`${port.id}/statistics`, () =>
              statisticsOf(site, port, means[m], defined(widths[m])),
            ),
          )
        : []; // [B, S]
      const blocks = means.map((mean, m) => {
        const own = read[m];
        return own ? site.graph.node("Concat", [mean, own], { axis: { int: 1 } }) : mean;
      }); // [B, D] or [B, D + S]
      const predict = (parts: readonly Value[]): Value =>
        linear(site, "linear", site.graph.node("Concat", parts, { axis: { int: 1 } }));
      const prediction = site.graph.within("linear", () => predict(blocks));
      return {
        prediction,
        diagnostics: contributions(site, ports, blocks, prediction, predict).map((contribution, m) => {
          const [port, own] = [ports[m], read[m]];
          return {
            contribution,
            ...(port && own && { uncertainty: largestZScore(site, port, own) }),
          };
        }),
      };
    },
  };
}

/** Adds the statistics of the input, [B, S]; zero rows where the modality is missing. */
function statisticsOf(site: Site, port: ModalityPort, mean: Value | undefined, width: number): Value {
  const { graph } = site;
  const all = inputStatistics(site, `${port.modality}/statistics`, mean ?? port.features, width);
  return graph.node("Where", [port.has, all, graph.scalar(0)]);
}

/** Adds `largestZScores` of nn/input-statistics.ts, [B]; NaN where the modality is missing. */
function largestZScore(site: Site, { has }: ModalityPort, statistics: Value): Value {
  const { graph } = site;
  const last = graph.node("Slice", [
    statistics,
    graph.integers([STATISTICS_WIDTH - 1]),
    graph.integers([STATISTICS_WIDTH]),
    graph.integers([1]),
  ]); // [B, 1]
  const score = graph.node("Sub", [graph.node("Exp", [last]), graph.scalar(1)]);
  return reshape(site, graph.node("Where", [has, score, graph.scalar(NaN)]), [-1]);
}
