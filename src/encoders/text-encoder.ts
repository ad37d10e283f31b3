import { defined } from "../core/defined.js";
import { ConfigError } from "../core/errors.js";
import type { SampleDraws } from "../nn/sample-draws.js";
import { ParameterSet, type WeightSource } from "../nn/parameter-set.js";
import type { Backend, FloatArray } from "../tensor/backend.js";
import { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";
import type { EncoderShape } from "./encoder-config.js";
import { EncoderStack, WORD_EMBEDDINGS } from "./encoder-stack.js";
import { loraOf } from "./lora.js";
import { lengthOf, packTokens, type PackedTokens } from "./packed-tokens.js";
import { poolTexts } from "./pool-texts.js";
import type { TextEncoderOptions } from "./text-encoder-config.js";
import { EncoderWeights } from "./weight-store.js";

/** Prefix of the encoder's weight names. */
export const ENCODER_PREFIX = "text/transformer";

/** Returns true if a model's weights include the whole encoder, not only its trained part. */
export function holdsWholeEncoder(weights: { has(name: string): boolean }): boolean {
  return weights.has(`${ENCODER_PREFIX}/${WORD_EMBEDDINGS}`);
}

/** Maximum number of values in the cache of frozen states. */
const CACHE_VALUES = 2 ** 28;

/**
 * Pretrained encoder inside a model: maps token ids to one vector per text. Frozen layers run once per text,
 * and their states are cached.
 */
export class TextEncoder {
  readonly stack: EncoderStack;
  private readonly cache = new Map<string, FloatArray>();
  private cached = 0;

  /**
   * @param headRate learning rate of the rest of the model
   * @throws ConfigError for more layers than the encoder has
   */
  constructor(
    readonly shape: EncoderShape,
    readonly options: TextEncoderOptions,
    backend: Backend,
    seed: WeightSource,
    headRate: number,
  ) {
    const { textLayers: layers = shape.layers, textTrain: trained = layers } = options;
    if (layers > shape.layers)
      throw new ConfigError("config.invalid", `the text encoder has ${shape.layers} layers, not ${layers}`, {
        hint: "Set textLayers to at most the number of layers of the encoder.",
      });
    if (trained > layers)
      throw new ConfigError(
        "config.invalid",
        `cannot train ${trained} layers of the text encoder: only ${layers} are kept`,
        { hint: "Set textTrain to at most textLayers." },
      );
    const dropout = options.textDropout ?? shape.dropout;
    const parameters = new ParameterSet(backend, seed);
    this.stack = new EncoderStack(new EncoderWeights(parameters, ENCODER_PREFIX), shape, {
      layers,
      trained,
      lora: trained === 0 ? undefined : loraOf(options),
      rate: options.textLearningRate / headRate,
      layerDecay: options.textLayerDecay,
      dropout,
      attentionDropout: options.textAttentionDropout ?? shape.attentionDropout,
    });
  }

  /** Trained parameters. */
  get parameters(): ParameterSet {
    return this.stack.weights.parameters;
  }

  /** True if no parameter is trained. */
  get isFrozen(): boolean {
    return this.parameters.all().length === 0;
  }

  /**
   * Encodes texts.
   * @param texts B lists of ids; an empty list is a missing text
   * @returns [B, H]; zeros for missing texts
   */
  forward(tape: Tape, texts: readonly ArrayLike<number>[], draws: SampleDraws): Tensor {
    const { firstTrained, options } = this.stack;
    const tokens = packTokens(texts);
    if (tokens.ids.length === 0)
      return tape.constant(new Float32Array(texts.length * this.shape.hidden), [
        texts.length,
        this.shape.hidden,
      ]);
    const from = firstTrained;
    const state = from > 0 ? this.frozenStates(tape, texts, tokens, from) : undefined;
    const states =
      from === options.layers && state
        ? state
        : this.stack.forward(tape, tokens, { from, ...(state && { state }), to: options.layers }, draws);
    return poolTexts(tape, tokens, states, this.options.textPooling); // [B, H]
  }

  /** Returns the states after the frozen layers, [R, H], from the cache if possible. */
  private frozenStates(
    tape: Tape,
    texts: readonly ArrayLike<number>[],
    tokens: PackedTokens,
    to: number,
  ): Tensor {
    const keys = texts.map((ids) => Array.from(ids).join(" "));
    const unknown = [...new Set(keys)].filter((key) => key !== "" && !this.cache.has(key));
    const fresh = unknown.length > 0 ? this.runFrozen(tape, unknown, to) : new Map<string, FloatArray>();
    const { hidden } = this.shape;
    const values = new Float64Array(tokens.ids.length * hidden);
    keys.forEach((key, b) => {
      const states = this.cache.get(key) ?? fresh.get(key);
      if (states) values.set(states, defined(tokens.starts[b]) * hidden);
    });
    return tape.constant(values, [tokens.ids.length, hidden]);
  }

  private runFrozen(tape: Tape, keys: readonly string[], to: number): Map<string, FloatArray> {
    const packed = packTokens(keys.map((key) => key.split(" ").map(Number)));
    const draws = { training: false, seed: 0, step: 0, sampleIndex: keys.map((_, i) => i) };
    const states = this.stack.forward(new Tape(tape.backend, false), packed, { from: 0, to }, draws);
    const view = states.buffer.view;
    const { hidden } = this.shape;
    const fresh = new Map<string, FloatArray>();
    keys.forEach((key, b) => {
      const start = defined(packed.starts[b]);
      const own = view.slice(start * hidden, (start + lengthOf(packed, b)) * hidden);
      fresh.set(key, own);
      if (this.cached + own.length > CACHE_VALUES) return;
      this.cached += own.length;
      this.cache.set(key, own);
    });
    return fresh;
  }
}
