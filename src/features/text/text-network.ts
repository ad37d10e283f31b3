import { defined } from "../../core/defined.js";
import { ConfigError, EuarError } from "../../core/errors.js";
import type { ModelFiles } from "../onnx/model-files.js";
import { chooseOutput } from "../onnx/choose-output.js";
import { meanOfLayers } from "../onnx/pooling.js";
import { requireLayers } from "./layer-choice.js";
import type { Feed, FloatOutput, OnnxSession, Port } from "../onnx/onnx-session.js";
import type { ModelTokenizer } from "./model-tokenizer.js";
import type { TextPooling } from "./text-poolings.js";
import type { TokenNetwork } from "./transformer-extractor.js";

const TOKEN_OUTPUTS = ["last_hidden_state", "token_embeddings", "hidden_states"];
const POOLED_OUTPUTS = ["sentence_embedding", "pooler_output", "text_embeds", "embeddings"];
/** Names of the states after each layer, as exporters write them; 0 is the embeddings. */
const LAYER_OUTPUT = /^hidden_states?[._/]?(\d{1,3})$/;
const KNOWN_INPUTS = ["input_ids", "attention_mask", "token_type_ids", "position_ids"];
/** Families whose positions start after the padding id, so that the positions before it are lost. */
const OFFSET_POSITIONS = /roberta|camembert|mpnet|longformer/;

/** Network that reads token ids. Each text runs alone. Only a network with a fixed length gets padding. */
export class TextNetwork implements TokenNetwork {
  /** Largest number of ids, including those around the text. */
  readonly longest: number;
  readonly #fixed: number | undefined;

  private constructor(
    private readonly session: OnnxSession,
    private readonly tokenizer: ModelTokenizer,
    /** Outputs to read and average. */
    readonly outputs: readonly string[],
    private readonly pooled: boolean,
    positions: number,
  ) {
    this.#fixed = fixedLength(session);
    this.longest = Math.min(tokenizer.longest, positions, this.#fixed ?? Infinity);
  }

  /**
   * Wraps a session.
   * @throws MediaError "media.unsupported" for a network whose inputs or outputs are not those of a text
   * encoder
   * @throws ConfigError "config.conflict" for a layer together with an output, "config.invalid" for a missing
   * one
   */
  static async create(
    session: OnnxSession,
    tokenizer: ModelTokenizer,
    files: ModelFiles,
    { pooling, output, layers }: OutputChoice,
  ): Promise<TextNetwork> {
    checkInputs(session);
    const pooled = pooling === "model";
    if (layers && (pooled || output !== undefined))
      throw new ConfigError(
        "config.conflict",
        `text/onnx: layer excludes ${pooled ? "pooling=model" : "output"}: each selects what to read`,
        { hint: "Give only one of them." },
      );
    const chosen = layers
      ? layerOutputs(session, layers)
      : [
          pooled
            ? chooseOutput(session, output, POOLED_OUTPUTS, [2])
            : chooseOutput(session, output, TOKEN_OUTPUTS, [3]),
        ];
    return new TextNetwork(
      session,
      tokenizer,
      chosen,
      pooled,
      positionsOf((await files.json("config.json", false)) ?? {}),
    );
  }

  /**
   * Runs the network on one text.
   * @param tokens ids of the text, without added ones
   * @returns [T, D] vectors of all ids, including those around the text; [1, D] if the network pools
   */
  async run(tokens: readonly number[]): Promise<FloatOutput> {
    const { before, after, padding } = this.tokenizer;
    const ids = [...before, ...tokens, ...after];
    const length = this.#fixed ?? ids.length;
    const fill = (value: number): number[] => new Array<number>(length - ids.length).fill(value);
    const rows: Readonly<Record<string, readonly number[]>> = {
      input_ids: [...ids, ...fill(padding)],
      attention_mask: [...ids.map(() => 1), ...fill(0)],
      token_type_ids: new Array<number>(length).fill(0),
      position_ids: Array.from({ length }, (_, i) => i),
    };
    const feeds = Object.fromEntries(
      this.session.inputs.map(({ name }): [string, Feed] => [
        name,
        { dims: [1, length], values: rows[name] ?? [] },
      ]),
    );
    const results = await this.session.runAll(feeds, this.outputs);
    for (const [i, { dims }] of results.entries()) this.checkShape(dims, this.outputs[i] ?? "", length);
    const [first] = results;
    if (!first) throw new EuarError("internal", "a text network has an output");
    const { dims } = first;
    const data = results.length === 1 ? first.data : meanOfLayers(results.map((result) => result.data));
    const width = defined(dims.at(-1));
    return {
      dims: [this.pooled ? 1 : ids.length, width],
      data: this.pooled ? data : data.subarray(0, ids.length * width),
    };
  }

  private checkShape(dims: readonly number[], output: string, length: number): void {
    const [one, second] = dims;
    if (one !== 1 || (this.pooled ? dims.length !== 2 : dims.length !== 3 || second !== length)) {
      const expected = this.pooled ? "[1, D]" : `[1, ${length}, D]`;
      throw this.session.unsupported(
        `its output ${output} is [${dims.join(", ")}], not ${expected}`,
        "Choose another with output=NAME, or another pooling.",
      );
    }
  }

  close(): void {
    this.session.close();
  }
}

/** Outputs of a network to read. */
export interface OutputChoice {
  readonly pooling: TextPooling;
  readonly output: string | undefined;
  readonly layers: readonly number[] | undefined;
}

/**
 * Returns the outputs of hidden layers.
 * @throws ConfigError "config.invalid" for one that the network lacks
 */
function layerOutputs(session: OnnxSession, layers: readonly number[]): string[] {
  const names = new Map<number, string>();
  for (const { name } of session.outputs) {
    const found = LAYER_OUTPUT.exec(name)?.[1];
    if (found !== undefined) names.set(Number(found), name);
  }
  requireLayers(layers, [...names.keys()], session.name);
  return layers.flatMap((layer) => names.get(layer) ?? []);
}

function checkInputs(session: OnnxSession): void {
  const unknown = session.inputs.find(({ name }) => !KNOWN_INPUTS.includes(name));
  if (unknown)
    throw session.unsupported(
      `it requires the input "${unknown.name}", which no text encoder has`,
      `Known inputs are ${KNOWN_INPUTS.join(", ")}. Export the encoder alone (task feature-extraction).`,
    );
  const ids = portOf(session, "input_ids");
  if (!ids) throw session.unsupported("it has no input input_ids", "A text encoder reads token ids.");
  if (typeof ids.shape[0] === "number" && ids.shape[0] !== 1)
    throw session.unsupported(
      `it reads ${ids.shape[0]} texts at once`,
      "Export it with a batch of 1 or of any size.",
    );
  if (typeof ids.shape[1] === "number" && !portOf(session, "attention_mask")) {
    throw session.unsupported(
      `it reads exactly ${ids.shape[1]} tokens and has no attention_mask`,
      "Export it with a length of any size.",
    );
  }
}

function portOf(session: OnnxSession, name: string): Port | undefined {
  return session.inputs.find((input) => input.name === name);
}

function fixedLength(session: OnnxSession): number | undefined {
  const length = portOf(session, "input_ids")?.shape[1];
  return typeof length === "number" ? length : undefined;
}

/** Returns the number of positions of the network, as config.json states. */
function positionsOf({
  max_position_embeddings: positions,
  model_type: type,
  pad_token_id: padding,
}: Readonly<Record<string, unknown>>): number {
  if (typeof positions !== "number" || positions < 1) return Infinity;
  return typeof type === "string" && OFFSET_POSITIONS.test(type)
    ? positions - 1 - (typeof padding === "number" ? padding : 1)
    : positions;
}
