import { type Normaliser, stepScaling, type StepScaling } from "../../data/normaliser.js";
import type { Value } from "./graph-builder.js";
import { type Site, sum, unsqueeze } from "./layers.js";
import { elementTypes } from "./onnx-model.js";

/** The names that one modality has in the graph. */
export interface PortNames {
  /** As the run knows it. */
  readonly modality: string;
  /**
   * The same with letters, digits and underscores only; the name of the features, and the end of all other
   * names.
   */
  readonly id: string;
}

/** One modality as the model reads it; nn/sequence.ts in a graph. */
export interface ModalityPort extends PortNames {
  /**
   * [B, D], or [B, T, D] where `steps` is given: normalised; zeros where absent or padding, whatever was
   * passed there.
   */
  readonly features: Value;
  /** [B, T]: 1 = real step of a sample that has the modality. */
  readonly steps: Value | undefined;
  /** [B, 1]: 1 where the sample has the modality with at least one real step. */
  readonly present: Value;
  /** The same as booleans. */
  readonly has: Value;
}

/** What stands before a modality's name in its further inputs and its outputs. */
const PREFIXES = ["present", "mask", "steps", "contribution", "uncertainty", "experts", "gates", "sigma2"];

/**
 * Names for the graph: C identifiers, as the format asks for, all different from each other and from the
 * outputs of the whole.
 */
export function portNames(modalities: readonly string[]): PortNames[] {
  const taken = new Set(["prediction", "probabilities", "uncertainty", "batch"]);
  return modalities.map((modality) => {
    const plain = modality.replace(/[^A-Za-z0-9_]/g, "_").replace(/^(?=[0-9]|$)/, "m");
    const all = (id: string): string[] => [id, ...PREFIXES.map((prefix) => `${prefix}_${id}`)];
    let id = plain;
    for (let i = 2; all(id).some((name) => taken.has(name)); i++) id = `${plain}_${i}`;
    for (const name of all(id)) taken.add(name);
    return { modality, id };
  });
}

/**
 * Declares the inputs of one modality and normalises its features. @param sequence whether it is [B, T, D]
 * with a mask, or [B, D]
 */
export function modalityPort(
  site: Site,
  names: PortNames,
  width: number,
  sequence: boolean,
  normaliser: Normaliser,
): ModalityPort {
  const { graph } = site;
  const { modality, id } = names;
  const steps = sequence ? `steps_${id}` : undefined;
  const raw = graph.input({
    name: id,
    type: "float",
    dims: steps === undefined ? ["batch", width] : ["batch", steps, width],
    description: `features of ${modality} as the extractor gives them, not normalised; ignored where absent${sequence ? " or padding" : ""}`,
  });
  const flags = graph.input({
    name: `present_${id}`,
    type: "float",
    dims: ["batch"],
    description: `1 where the sample has ${modality}, 0 where it does not`,
  });
  const mask =
    steps === undefined
      ? undefined
      : graph.input({
          name: `mask_${id}`,
          type: "float",
          dims: ["batch", steps],
          description: `1 for the real steps of ${modality}, 0 for padding`,
        });

  return graph.within(`${id}/input`, () => {
    const given = unsqueeze(site, isNonZero(site, flags), 1); // [B, 1]
    const real = mask ? graph.node("And", [isNonZero(site, mask), given]) : given; // [B, T] or [B, 1]
    const has = mask
      ? graph.node("Greater", [sum(site, toFloat(site, real), 1, true), graph.scalar(0)])
      : given; // [B, 1]
    const selected = mask ? unsqueeze(site, real, 2) : real; // [B, T, 1] or [B, 1]
    const statistics = normaliser.modalities[modality];
    const scaling = statistics && stepScaling(modality, width, statistics, normaliser);
    const features = graph.node("Where", [
      selected,
      scaling ? normalise(site, raw, scaling) : raw,
      graph.scalar(0),
    ]);
    return { modality, id, features, steps: mask && toFloat(site, real), present: toFloat(site, has), has };
  });
}

/**
 * data/normaliser.ts in float32: a graph with doubles does not run on a GPU in the browser.
 *
 * The mean is subtracted in two parts, because a feature can be large compared with its spread. The first
 * difference is exact where a feature lies within a factor of 2 of its mean, so that nothing cancels that was
 * rounded before. Each result is within 2^-22 of its own size of what float64 gives.
 */
function normalise({ graph }: Site, raw: Value, { mean, scale, limit, shrink }: StepScaling): Value {
  const upper = Float32Array.from(mean);
  const rest = Float32Array.from(mean, (value, d) => value - (upper[d] ?? 0));
  const near = graph.node("Sub", [raw, graph.floats(upper)]);
  const centred = graph.node("Sub", [near, graph.floats(rest)]);
  const scaled = factorsOf(scale.map((value) => value * shrink)).reduce(
    (product, factor) => graph.node("Mul", [product, graph.floats(factor)]),
    centred,
  );
  if (limit === Infinity) return scaled;
  return graph.node("Clip", [scaled, graph.scalar(-limit * shrink), graph.scalar(limit * shrink)]);
}

/** The scale in float32; as two factors where a spread is so small that its inverse is no float32. */
function factorsOf(scale: Float64Array): Float32Array[] {
  const whole = Float32Array.from(scale);
  if (whole.every(Number.isFinite)) return [whole];
  return [
    Float32Array.from(scale, (value) => value * 2 ** -64),
    new Float32Array(scale.length).fill(2 ** 64),
  ];
}

function isNonZero({ graph }: Site, flags: Value): Value {
  return graph.node("Cast", [flags], { to: { int: elementTypes.bool } });
}

function toFloat({ graph }: Site, flags: Value): Value {
  return graph.node("Cast", [flags], { to: { int: elementTypes.float } });
}

/**
 * Declares the inputs of a text that an encoder inside the model reads: token ids and which of them count.
 * @param sequence whether the model reads every modality step by step: the text is then one step
 * @param encode [B, T] ids (int64) and mask (float) to vectors [B, H]
 */
export function encodedPort(
  site: Site,
  names: PortNames,
  sequence: boolean,
  encode: (ids: Value, mask: Value) => Value,
): ModalityPort {
  const { graph } = site;
  const { modality, id } = names;
  const steps = `steps_${id}`;
  const ids = graph.input({
    name: id,
    type: "int64",
    dims: ["batch", steps],
    description: `token ids of ${modality}, with the tokens that the tokenizer adds; ignored where absent or padding`,
  });
  const flags = graph.input({
    name: `present_${id}`,
    type: "float",
    dims: ["batch"],
    description: `1 where the sample has ${modality}, 0 where it does not`,
  });
  const mask = graph.input({
    name: `mask_${id}`,
    type: "float",
    dims: ["batch", steps],
    description: `1 for the tokens of ${modality}, 0 for padding`,
  });
  return graph.within(`${id}/encoder`, () => {
    const given = unsqueeze(site, isNonZero(site, flags), 1); // [B, 1]
    const real = toFloat(site, graph.node("And", [isNonZero(site, mask), given])); // [B, T]
    const has = graph.node("Greater", [sum(site, real, 1, true), graph.scalar(0)]); // [B, 1]
    const vectors = graph.node("Where", [has, encode(ids, real), graph.scalar(0)]); // [B, H]
    const present = toFloat(site, has);
    return {
      modality,
      id,
      features: sequence ? unsqueeze(site, vectors, 1) : vectors,
      steps: sequence ? present : undefined,
      present,
      has,
    };
  });
}
