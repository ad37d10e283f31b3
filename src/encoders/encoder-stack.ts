import { defined } from "../core/defined.js";
import type { SampleDraws } from "../nn/sample-draws.js";
import { add } from "../tensor/ops/elementwise.js";
import { embedding } from "../tensor/ops/embedding.js";
import { linear } from "../tensor/ops/linear.js";
import { packingOf } from "../tensor/ops/packing.js";
import type { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";
import type { EncoderShape } from "./encoder-config.js";
import { EncoderLayer, EncoderNorm } from "./encoder-layer.js";
import type { LoraOptions } from "./lora.js";
import {
  dropoutOfTokens,
  lengthOf,
  longestOf,
  type PackedTokens,
  type TokenContext,
} from "./packed-tokens.js";
import { relativeBuckets } from "./relative-bias.js";
import { type EncoderWeight, type EncoderWeights, leafOf } from "./weight-store.js";

/** Name of the word embedding table among an encoder's weights. */
export const WORD_EMBEDDINGS = "embeddings/words";

export interface StackOptions {
  /** Number of layers to keep, counted from the first. */
  readonly layers: number;
  /** Number of kept layers to train, counted from the last. If all are trained, the embeddings are too. */
  readonly trained: number;
  /** Low-rank adapters on the trained layers. The layers' own weights are then frozen. */
  readonly lora?: LoraOptions | undefined;
  /** Factor on the learning rate of the last layer. */
  readonly rate: number;
  /** Learning rate factor from each layer to the one below it. */
  readonly layerDecay: number;
  readonly dropout: number;
  readonly attentionDropout: number;
}

/** Part of the stack to run. */
export interface StackRange {
  /** Number of layers that have already run. 0 starts from the tokens. */
  readonly from: number;
  /** State after `from` layers, [R, H]. Not needed if `from` is 0. */
  readonly state?: Tensor;
  readonly to: number;
}

/**
 * Encoder of the BERT family on packed texts: embeddings, then layers of attention and feed-forward products.
 * The same stack serves every family of families.ts.
 */
export class EncoderStack {
  /** First trained layer. The output of the layers below it is constant for a text. */
  readonly firstTrained: number;
  private readonly embeddings: Embeddings;
  private readonly layers: readonly EncoderLayer[];
  private readonly lastNorm: EncoderNorm | undefined;
  private readonly biasTable: EncoderWeight | undefined;

  constructor(
    readonly weights: EncoderWeights,
    readonly shape: EncoderShape,
    readonly options: StackOptions,
  ) {
    const { layers, trained, lora, rate, layerDecay, dropout, attentionDropout } = options;
    const whole = lora === undefined && trained >= layers && layers > 0;
    this.firstTrained = whole ? 0 : layers - Math.min(trained, layers);
    const lowest = { trained: whole, rate: rate * layerDecay ** layers };
    this.embeddings = new Embeddings(weights, shape, { ...lowest, dropout });
    if (shape.relativeBuckets > 0)
      this.biasTable = weights.create("relative-bias", [shape.relativeBuckets, shape.heads], {
        ...lowest,
        decays: false,
      });
    this.layers = Array.from({ length: layers }, (_, i) => {
      const trains = layers - i <= trained;
      return new EncoderLayer(weights, `layers/${i}`, shape, {
        trained: lora === undefined && trains,
        rate: rate * layerDecay ** (layers - 1 - i),
        lora: trains ? lora : undefined,
        dropout,
        attentionDropout,
      });
    });
    if (shape.norm === "pre")
      this.lastNorm = new EncoderNorm(weights, "norm", shape.hidden, shape.epsilon, {
        trained: lora === undefined && trained > 0,
        rate,
      });
  }

  /**
   * Runs layers `from` to `to`.
   * @param tokens R tokens of B texts
   * @returns state after `to` layers, [R, H]; after all layers, the last layer norm (if there is one) has
   * been applied
   */
  forward(tape: Tape, tokens: PackedTokens, { from, state, to }: StackRange, draws: SampleDraws): Tensor {
    const context: TokenContext = { packing: packingOf(tape, tokens.starts), draws };
    const bias = this.biasTable && {
      table: leafOf(tape, this.biasTable),
      bucketOf: relativeBuckets(longestOf(tokens), this.shape.relativeBuckets),
    };
    let x = state ?? this.embeddings.forward(tape, tokens, context); // [R, H]
    for (const layer of this.layers.slice(from, to)) x = layer.forward(tape, x, bias, context);
    return to === this.layers.length && this.lastNorm ? this.lastNorm.forward(tape, x) : x;
  }
}

/** Computes the input of the first layer from words, positions and segments. */
class Embeddings {
  private readonly words: EncoderWeight;
  private readonly positions: EncoderWeight;
  private readonly segments: EncoderWeight | undefined;
  private readonly norm: EncoderNorm;
  private readonly projection: { readonly weight: EncoderWeight; readonly bias: EncoderWeight } | undefined;

  constructor(
    weights: EncoderWeights,
    private readonly shape: EncoderShape,
    private readonly options: { readonly trained: boolean; readonly rate: number; readonly dropout: number },
  ) {
    const { vocabulary, positions, segments, embeddingWidth: width, hidden, epsilon } = shape;
    const { trained, rate } = options;
    const table = (name: string, rows: number): EncoderWeight =>
      weights.create(name, [rows, width], { trained, rate, decays: false, groups: rows });
    this.words = table(WORD_EMBEDDINGS, vocabulary);
    this.positions = table("embeddings/positions", positions);
    if (segments > 0) this.segments = table("embeddings/segments", segments);
    this.norm = new EncoderNorm(weights, "embeddings/norm", width, epsilon, options);
    if (width !== hidden)
      this.projection = {
        weight: weights.create("embeddings/projection/weight", [width, hidden], { trained, rate }),
        bias: weights.create("embeddings/projection/bias", [hidden], { trained, rate, decays: false }),
      };
  }

  /** @returns [R, H] */
  forward(tape: Tape, tokens: PackedTokens, context: TokenContext): Tensor {
    const words = embedding(tape, leafOf(tape, this.words), tokens.ids); // [R, D]
    const places = embedding(tape, leafOf(tape, this.positions), this.placesOf(tokens));
    let sum = words;
    if (this.segments) {
      const ids = tokens.segments ?? new Int32Array(tokens.ids.length);
      sum = add(tape, sum, embedding(tape, leafOf(tape, this.segments), ids));
    }
    const normed = this.norm.forward(tape, add(tape, sum, places));
    const kept = dropoutOfTokens(tape, normed, this.options.dropout, "embeddings", context);
    if (!this.projection) return kept;
    return linear(tape, kept, leafOf(tape, this.projection.weight), leafOf(tape, this.projection.bias));
  }

  private placesOf(tokens: PackedTokens): Int32Array {
    const places = new Int32Array(tokens.ids.length);
    for (let b = 0; b + 1 < tokens.starts.length; b++)
      for (let t = 0; t < lengthOf(tokens, b); t++)
        places[defined(tokens.starts[b]) + t] = this.shape.firstPosition + t;
    return places;
  }
}
