import type { Value } from "./graph-builder.js";
import type { Site } from "./layers.js";
import type { ModalityPort } from "./modality-input.js";

/** Diagnostics of one modality in the graph; see models/model.ts. */
export interface DiagnosticValues {
  /** [B] each. */
  readonly contribution?: Value;
  readonly uncertainty?: Value;
  /** [B, K] each. */
  readonly experts?: Value;
  readonly gates?: Value;
  readonly sigma2?: Value;
  /** Number K, present with the three values above. */
  readonly slots?: number;
}

/** Graph of one kind of model. */
export interface ModelGraph {
  /** Options that affect the computation. */
  readonly options: Readonly<Record<string, unknown>>;
  /** True if a sample's prediction depends on the other samples of its batch. */
  readonly batchDependent: boolean;
  /** True if every modality is read as a sequence, even if the data have only one step. */
  readonly needsSteps: boolean;
  /**
   * Builds the graph.
   * @param widths D by modality
   * @returns prediction [B, outputs], and diagnostics in the order of the modalities
   */
  readonly build: (
    site: Site,
    ports: readonly ModalityPort[],
    widths: readonly number[],
  ) => { readonly prediction: Value; readonly diagnostics: readonly DiagnosticValues[] };
}
