import type { EncoderFamily, LayerPart } from "./families.js";

/** What a hub's file calls one of our weights. */
export interface HubName {
  readonly name: string;
  /** The file stores [F, D] where we have [D, F]. */
  readonly transposed: boolean;
}

const EMBEDDINGS: Readonly<Record<string, HubName>> = {
  "embeddings/words": { name: "embeddings.word_embeddings.weight", transposed: false },
  "embeddings/positions": { name: "embeddings.position_embeddings.weight", transposed: false },
  "embeddings/segments": { name: "embeddings.token_type_embeddings.weight", transposed: false },
  "embeddings/norm/gain": { name: "embeddings.LayerNorm.weight", transposed: false },
  "embeddings/norm/bias": { name: "embeddings.LayerNorm.bias", transposed: false },
  "embeddings/projection/weight": { name: "embeddings_project.weight", transposed: true },
  "embeddings/projection/bias": { name: "embeddings_project.bias", transposed: false },
};

/**
 * The hub's name of a weight, without the family's prefix; undefined for weights that no hub has (adapters).
 * @param own e.g. "layers/3/attention/query/weight"
 */
export function hubName(family: EncoderFamily, own: string): HubName | undefined {
  if (Object.hasOwn(EMBEDDINGS, own)) return EMBEDDINGS[own];
  if (own === "relative-bias" && family.biasName) return { name: family.biasName, transposed: false };
  const last = /^norm\/(gain|bias)$/.exec(own);
  if (last && family.lastNorm) return { name: `${family.lastNorm}.${ending(last[1])}`, transposed: false };
  const layer = /^layers\/(\d+)\/(.+)\/(weight|bias|gain)$/.exec(own);
  if (!layer) return undefined;
  const [, index = "", part = "", end] = layer;
  if (!Object.hasOwn(family.parts, part)) return undefined;
  const name = `${family.layerPath}.${index}.${family.parts[part as LayerPart]}.${ending(end)}`;
  return { name, transposed: end === "weight" };
}

function ending(own: string | undefined): string {
  return own === "bias" ? "bias" : "weight";
}

/** Names that older files have for the same tensor. */
export function olderName(name: string): string {
  return name.replace(/LayerNorm\.weight$/, "LayerNorm.gamma").replace(/LayerNorm\.bias$/, "LayerNorm.beta");
}
