import { ExpertLayer } from "../nn/expert-layer.js";
import { createEncoder, type ModalityEncoder } from "../nn/modality-encoder.js";
import type { ParameterSet } from "../nn/parameter-set.js";
import { QualityHead } from "../nn/quality-head.js";
import { SignalHead } from "../nn/signal-head.js";
import { VarianceHead } from "../nn/variance-head.js";
import type { EuarConfig } from "./euar-config.js";

/** Layers of one modality of EUAR. */
export interface Branch {
  readonly encoder: ModalityEncoder;
  readonly experts: ExpertLayer;
  /** Layer from the statistics of the input to the variances and the gate. */
  readonly signals: SignalHead | undefined;
  /** Layer from the measured quality of the input to the variances and the gate. */
  readonly quality: QualityHead | undefined;
  /** Layer from the features of the input to the variances. */
  readonly variance: VarianceHead | undefined;
}

/** Modality of a branch. */
export interface BranchShape {
  readonly name: string;
  /** Width of the input, D. */
  readonly width: number;
  /** Width of the experts' features. */
  readonly outputs: number;
  /** Number of measures of quality that the branch reads; undefined for none. */
  readonly measures: number | undefined;
}

/** Creates the layers of one modality that a configuration names. Parameters: `<modality>/...`. */
export function createBranch(parameters: ParameterSet, config: EuarConfig, shape: BranchShape): Branch {
  const { name, width, outputs } = shape;
  const { hidden, inputDropout, losses } = config;
  const encoder = createEncoder(parameters, `${name}/encoder`, width, {
    ...config.encoder,
    hidden,
    inputDropout,
  });
  const experts = new ExpertLayer(parameters, name, encoder.outputs, {
    ...config.experts,
    hidden: outputs,
    run: losses.kl?.over ?? "selected",
    plainVariances: Boolean(config.awareness.variance),
  });
  const signals = createSignals(parameters, config, shape);
  const quality = createQualityHead(parameters, config, shape);
  return { encoder, experts, signals, quality, variance: createVarianceHead(parameters, config, shape) };
}

function createSignals(
  parameters: ParameterSet,
  { experts, awareness: { statistics } }: EuarConfig,
  { name, width }: BranchShape,
): SignalHead | undefined {
  if (!statistics) return undefined;
  const { hidden, dropout, gate } = statistics;
  return new SignalHead(parameters, `${name}/signals`, width, {
    hidden,
    experts: experts.count,
    gated: gate,
    dropout,
  });
}

function createQualityHead(
  parameters: ParameterSet,
  { experts: { count, gate } }: EuarConfig,
  { name, measures }: BranchShape,
): QualityHead | undefined {
  if (!measures) return undefined;
  const gated = gate !== "random";
  return new QualityHead(parameters, `${name}/quality`, { measures, experts: count, gated });
}

function createVarianceHead(
  parameters: ParameterSet,
  { experts, awareness, dropout }: EuarConfig,
  { name, width }: BranchShape,
): VarianceHead | undefined {
  const { variance: hidden } = awareness;
  if (!hidden) return undefined;
  return new VarianceHead(parameters, `${name}/variance`, width, { hidden, experts: experts.count, dropout });
}
