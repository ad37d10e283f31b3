import type { Value } from "./graph-builder.js";
import type { Site } from "./layers.js";
import type { ModalityPort } from "./modality-input.js";

/** What the graph tells about one modality; see models/model.ts. */
export interface DiagnosticValues {
  /** [B] each. */
  readonly contribution?: Value;
  readonly uncertainty?: Value;
  /** [B, K] each. */
  readonly experts?: Value;
  readonly gates?: Value;
  readonly sigma2?: Value;
  /** K, where the three above are given. */
  readonly slots?: number;
}

/** How one kind of model is written as a graph. */
export interface ModelGraph {
  /** The options that decide what it computes. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Whether a sample's prediction depends on the other samples of its batch. */
  readonly batchDependent: boolean;
  /** Whether every modality is read step by step, even if the data had only one. */
  readonly needsSteps: boolean;
  /**
   * @param widths D by modality @returns prediction [B, outputs], and diagnostics in the order of the
   * modalities
   */
  readonly build: (
    site: Site,
    ports: readonly ModalityPort[],
    widths: readonly number[],
  ) => { readonly prediction: Value; readonly diagnostics: readonly DiagnosticValues[] };
}
