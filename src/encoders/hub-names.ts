import type { EncoderFamily, LayerPart } from "./families.js";

/** Name of one of our weights in a hub's file. */
export interface HubName {
  readonly name: string;
  /** True if the file stores [F, D] and we use [D, F]. */
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
 * Returns the hub's name of a weight, without the family's prefix. Undefined for weights that hubs do not
 * have (adapters).
 * @param own our name, e.g. "layers/3/attention/query/weight"
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

/** Returns the name of the same tensor in older files. */
export function olderName(name: string): string {
  return name.replace(/LayerNorm\.weight$/, "LayerNorm.gamma").replace(/LayerNorm\.bias$/, "LayerNorm.beta");
}
