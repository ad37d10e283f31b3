import type { Failure } from "./protocol.js";

/** A sentence with its label, -3 to 3. */
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
      /** Last layers that train; undefined for all, with the embeddings. */
      readonly layers?: number;
    }
  | { readonly task: "stop" }
  | { readonly task: "predict"; readonly text: string };

/** A point of the curve. */
export interface CurvePoint {
  /** Epochs done, with fractions. */
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
