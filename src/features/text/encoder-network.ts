import { EuarError, MediaError } from "../../core/errors.js";
import type { EncoderCheckpoint } from "../../encoders/encoder-checkpoint.js";
import { requireMemory } from "../../encoders/encoder-memory.js";
import { EncoderStack } from "../../encoders/encoder-stack.js";
import { packTokens } from "../../encoders/packed-tokens.js";
import { EncoderWeights } from "../../encoders/weight-store.js";
import { ParameterSet } from "../../nn/parameter-set.js";
import type { Backend } from "../../tensor/backend.js";
import { Tape } from "../../tensor/tape.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { FloatOutput } from "../onnx/onnx-session.js";
import { meanOfLayers } from "../onnx/pooling.js";
import { requireLayers } from "./layer-choice.js";
import type { ModelTokenizer } from "./model-tokenizer.js";
import type { TokenNetwork } from "./transformer-extractor.js";

/**
 * Computes the hidden states of a frozen encoder after one layer, or the mean over several. Layers above the
 * highest requested one are not read.
 */
export class EncoderNetwork implements TokenNetwork {
  #stack: EncoderStack | undefined;

  /**
   * @param layers numbers of the layers to average; 0 is the embeddings
   * @throws ConfigError "config.invalid" for a layer that the encoder does not have
   * @throws BackendError "backend.out-of-memory"
   * @throws MediaError as EncoderCheckpoint.fill
   */
  constructor(
    private readonly backend: Backend,
    private readonly checkpoint: EncoderCheckpoint,
    private readonly tokenizer: ModelTokenizer,
    private readonly layers: readonly number[],
  ) {
    const { shape, files } = checkpoint;
    const offered = Array.from({ length: shape.layers + 1 }, (_, layer) => layer);
    requireLayers(layers, offered, files.name);
    // the final layer norm of a pre-norm encoder belongs to its last layer only
    const kept = shape.norm === "pre" ? shape.layers : Math.max(...layers);
    requireMemory(shape, { textLayers: kept, textTrain: 0, textLoraTargets: [] }, backend);
    const weights = new EncoderWeights(new ParameterSet(backend, 0), "encoder");
    this.#stack = new EncoderStack(weights, shape, {
      layers: kept,
      trained: 0,
      rate: 1,
      layerDecay: 1,
      dropout: 0,
      attentionDropout: 0,
    });
    checkpoint.fill(weights);
  }

  run(tokens: readonly number[]): Promise<FloatOutput> {
    return new Promise((resolve) => {
      resolve(this.states(tokens));
    });
  }

  close(): void {
    this.#stack = undefined;
  }

  /** @returns [T, H] */
  private states(tokens: readonly number[]): FloatOutput {
    if (!this.#stack) throw new EuarError("internal", "the encoder was closed");
    const { before, after } = this.tokenizer;
    const { vocabulary, hidden } = this.checkpoint.shape;
    const ids = [...before, ...tokens, ...after];
    const foreign = ids.find((id) => id >= vocabulary);
    if (foreign !== undefined)
      throw new MediaError(
        "media.damaged",
        `the tokenizer of ${this.checkpoint.files.name} gives the token ${foreign}, and the encoder ` +
          `has ${vocabulary}`,
        { hint: "The tokenizer belongs to another encoder: copy or download the folder again." },
      );
    const packed = packTokens([ids]);
    const draws = { training: false, seed: 0, step: 0, sampleIndex: [0] };
    const tape = new Tape(this.backend, false);
    const found = new Map<number, Float32Array>();
    let state: Tensor | undefined;
    let from = 0;
    for (const to of [...this.layers].sort((a, b) => a - b)) {
      // otherwise a second run over no layers would start from the tokens again
      if (!state || to > from)
        state = this.#stack.forward(tape, packed, { from, ...(state && { state }), to }, draws);
      from = to;
      found.set(to, Float32Array.from(state.buffer.view.subarray(0, ids.length * hidden)));
    }
    this.backend.endStep();
    return {
      dims: [ids.length, hidden],
      data: meanOfLayers(this.layers.flatMap((layer) => found.get(layer) ?? [])),
    };
  }
}
