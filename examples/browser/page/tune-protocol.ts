import type { Failure } from "./protocol.js";

/** Sentence with its label, -3 to 3. */
export interface Sentence {
  readonly text: string;
  readonly label: number;
}

export type TuneRequest =
  | {
      readonly task: "train";
      readonly name: string;
      /** Files of the encoder by name. */
      readonly files: ReadonlyMap<string, Blob>;
      readonly sentences: readonly Sentence[];
      readonly epochs: number;
      /** Number of last layers to train; undefined for all layers and the embeddings. */
      readonly layers?: number;
    }
  | { readonly task: "stop" }
  | { readonly task: "predict"; readonly text: string };

/** Point of the curve. */
export interface CurvePoint {
  /** Finished epochs, including fractions. */
  readonly at: number;
  readonly loss: number;
}

export type TuneMessage =
  | { readonly kind: "start"; readonly epochs: number; readonly parameters: number }
  | { readonly kind: "train"; readonly point: CurvePoint; readonly secondsLeft: number }
  | { readonly kind: "valid"; readonly point: CurvePoint }
  | {
      readonly kind: "done";
      readonly bestEpoch: number;
      readonly metrics: Readonly<Record<string, number | null>>;
    }
  | { readonly kind: "prediction"; readonly value: number }
  | { readonly kind: "failure"; readonly failure: Failure };
