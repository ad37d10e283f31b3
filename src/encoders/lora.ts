import { add, scale } from "../tensor/ops/elementwise.js";
import { linear } from "../tensor/ops/linear.js";
import type { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";
import type { LayerPart } from "./families.js";
import { type EncoderWeight, type EncoderWeights, leafOf } from "./weight-store.js";

/** Fully connected layers that can get a low-rank adapter. */
export const loraTargets = ["query", "key", "value", "output", "inner", "outer"] as const;

export type LoraTarget = (typeof loraTargets)[number];

const targetOf: Partial<Readonly<Record<LayerPart, LoraTarget>>> = {
  "attention/query": "query",
  "attention/key": "key",
  "attention/value": "value",
  "attention/output": "output",
  "feed-forward/inner": "inner",
  "feed-forward/outer": "outer",
};

export interface LoraOptions {
  readonly rank: number;
  /** Scale: the change is multiplied by alpha / rank. */
  readonly alpha: number;
  readonly targets: readonly LoraTarget[];
}

/** Options of a text encoder that define its adapters. */
interface LoraFields {
  readonly textLora?: number | undefined;
  readonly textLoraAlpha: number;
  readonly textLoraTargets: readonly LoraTarget[];
}

/** Returns the adapters that the options of a text encoder state; undefined for none. */
export function loraOf({ textLora, textLoraAlpha, textLoraTargets }: LoraFields): LoraOptions | undefined {
  return textLora === undefined
    ? undefined
    : { rank: textLora, alpha: textLoraAlpha, targets: textLoraTargets };
}

/** Returns true if a part of a layer gets an adapter. */
export function hasLora(part: LayerPart, lora: LoraOptions | undefined): lora is LoraOptions {
  const target = targetOf[part];
  return lora !== undefined && target !== undefined && lora.targets.includes(target);
}

/**
 * Low-rank adapter: x W becomes x W + (alpha / rank) (x A) B (Hu et al. 2022). A is initialised at random and
 * B with zeros, so that training starts at the pretrained encoder.
 */
export class LoraChange {
  private readonly down: EncoderWeight;
  private readonly up: EncoderWeight;
  private readonly factor: number;

  /** Creates the weights `<name>/lora-down` [D, rank] and `<name>/lora-up` [rank, F]. */
  constructor(
    weights: EncoderWeights,
    name: string,
    [inputs, outputs]: readonly [number, number],
    { rank, alpha }: LoraOptions,
    rate: number,
  ) {
    const init = { kind: "fan-in", fanIn: inputs, gain: 1 / Math.sqrt(3) } as const;
    this.down = weights.create(`${name}/lora-down`, [inputs, rank], { trained: true, rate, init });
    this.up = weights.create(`${name}/lora-up`, [rank, outputs], { trained: true, rate });
    this.factor = alpha / rank;
  }

  /**
   * Adds the change to the output of the layer.
   * @param x [R, D]
   * @param y x W, [R, F]
   * @returns [R, F]
   */
  addTo(tape: Tape, x: Tensor, y: Tensor): Tensor {
    const change = linear(tape, linear(tape, x, leafOf(tape, this.down)), leafOf(tape, this.up)); // [R, F]
    return add(tape, y, scale(tape, change, this.factor));
  }
}
