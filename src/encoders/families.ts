/**
 * Differences between the families of encoders: the keys of config.json, and the names of the weights. A new
 * family is one entry of {@link encoderFamilies}.
 */
export interface EncoderFamily {
  readonly name: string;
  /** Prefix of every name in checkpoints with a task head. */
  readonly prefix: string;
  readonly keys: {
    readonly hidden: string;
    readonly layers: string;
    readonly heads: string;
    readonly inner: string;
    readonly activation: string;
    readonly dropout: string;
    readonly attentionDropout: string;
  };
  readonly norm: "post" | "pre";
  readonly hasSegments: boolean;
  /** True if positions start at paddingId + 1. */
  readonly positionsFromPadding: boolean;
  readonly relativeBias: boolean;
  readonly paddingId: number;
  /** Epsilon of the layer norms, used if config.json does not state it. */
  readonly epsilon: number;
  /** Hub names of a layer's parts below {@link layerPath}, without `.weight` and `.bias`. */
  readonly parts: Readonly<Record<LayerPart, string>>;
  /** Path of the layers, e.g. "encoder.layer". */
  readonly layerPath: string;
  /** Name of the relative position bias. */
  readonly biasName?: string;
  /** Name of the last layer norm (pre-norm families). */
  readonly lastNorm?: string;
}

/** Part of a layer, by our name. */
export type LayerPart =
  | "attention/query"
  | "attention/key"
  | "attention/value"
  | "attention/output"
  | "attention/norm"
  | "feed-forward/inner"
  | "feed-forward/outer"
  | "feed-forward/norm";

const bert: EncoderFamily = {
  name: "bert",
  prefix: "bert.",
  keys: {
    hidden: "hidden_size",
    layers: "num_hidden_layers",
    heads: "num_attention_heads",
    inner: "intermediate_size",
    activation: "hidden_act",
    dropout: "hidden_dropout_prob",
    attentionDropout: "attention_probs_dropout_prob",
  },
  norm: "post",
  hasSegments: true,
  positionsFromPadding: false,
  relativeBias: false,
  paddingId: 0,
  epsilon: 1e-12,
  layerPath: "encoder.layer",
  parts: {
    "attention/query": "attention.self.query",
    "attention/key": "attention.self.key",
    "attention/value": "attention.self.value",
    "attention/output": "attention.output.dense",
    "attention/norm": "attention.output.LayerNorm",
    "feed-forward/inner": "intermediate.dense",
    "feed-forward/outer": "output.dense",
    "feed-forward/norm": "output.LayerNorm",
  },
};

const roberta: EncoderFamily = {
  ...bert,
  name: "roberta",
  prefix: "roberta.",
  positionsFromPadding: true,
  paddingId: 1,
};

/**
 * Families by the model_type of config.json. MiniLM encoders are "bert" (or "xlm-roberta") with fewer and
 * narrower layers.
 */
export const encoderFamilies: Readonly<Record<string, EncoderFamily>> = {
  bert,
  roberta,
  "xlm-roberta": { ...roberta, name: "xlm-roberta" },
  camembert: { ...roberta, name: "camembert" },
  "roberta-prelayernorm": {
    ...roberta,
    name: "roberta-prelayernorm",
    prefix: "roberta_prelayernorm.",
    norm: "pre",
    lastNorm: "LayerNorm",
    parts: {
      ...roberta.parts,
      "attention/norm": "attention.LayerNorm",
      "feed-forward/norm": "intermediate.LayerNorm",
    },
  },
  electra: { ...bert, name: "electra", prefix: "electra." },
  distilbert: {
    ...bert,
    name: "distilbert",
    prefix: "distilbert.",
    keys: {
      hidden: "dim",
      layers: "n_layers",
      heads: "n_heads",
      inner: "hidden_dim",
      activation: "activation",
      dropout: "dropout",
      attentionDropout: "attention_dropout",
    },
    hasSegments: false,
    layerPath: "transformer.layer",
    parts: {
      "attention/query": "attention.q_lin",
      "attention/key": "attention.k_lin",
      "attention/value": "attention.v_lin",
      "attention/output": "attention.out_lin",
      "attention/norm": "sa_layer_norm",
      "feed-forward/inner": "ffn.lin1",
      "feed-forward/outer": "ffn.lin2",
      "feed-forward/norm": "output_layer_norm",
    },
  },
  mpnet: {
    ...roberta,
    name: "mpnet",
    prefix: "mpnet.",
    hasSegments: false,
    relativeBias: true,
    biasName: "encoder.relative_attention_bias.weight",
    parts: {
      ...roberta.parts,
      "attention/query": "attention.attn.q",
      "attention/key": "attention.attn.k",
      "attention/value": "attention.attn.v",
      "attention/output": "attention.attn.o",
      "attention/norm": "attention.LayerNorm",
    },
  },
};

export function familyOf(modelType: string): EncoderFamily | undefined {
  return Object.hasOwn(encoderFamilies, modelType) ? encoderFamilies[modelType] : undefined;
}
