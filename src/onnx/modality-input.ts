import { defined } from "../core/defined.js";
import { type Normaliser, stepScaling, type StepScaling, vectorsOf } from "../data/normaliser.js";
import type { Value } from "./graph-builder.js";
import { type Site, sum, unsqueeze } from "./layers.js";
import { elementTypes } from "./onnx-model.js";

/** Names of one modality in the graph. */
export interface PortNames {
  /** Name in the run. */
  readonly modality: string;
  /** Name with letters, digits and underscores only. It names the features, and ends all other names. */
  readonly id: string;
}

/** One modality as the model reads it (nn/sequence.ts as a graph). */
export interface ModalityPort extends PortNames {
  /**
   * Normalised features: [B, D], or [B, T, D] if `steps` is given. Zeros for missing modalities and padding,
   * for any input values there.
   */
  readonly features: Value;
  /** Step mask, [B, T]: 1 for a real step of a sample that has the modality. */
  readonly steps: Value | undefined;
  /** Presence, [B, 1]: 1 if the sample has the modality with at least one real step. */
  readonly present: Value;
  /** Presence as booleans. */
  readonly has: Value;
}

/** Prefixes of a modality's further inputs and its outputs. */
const PREFIXES = ["present", "mask", "steps", "contribution", "uncertainty", "experts", "gates", "sigma2"];

/**
 * Chooses names for the graph: C identifiers, as the format requires, all different from each other and from
 * the global outputs.
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
 * Declares the inputs of one modality and normalises its features.
 * @param sequence true for [B, T, D] with a mask, false for [B, D]
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
  const raw = graph.input({
    name: id,
    type: "float",
    dims: sequence ? ["batch", stepsOf(names), width] : ["batch", width],
    description:
      `features of ${modality} as the extractor returns them, not normalised; ignored where ` +
      `missing${sequence ? " or padding" : ""}`,
  });
  const flags = presenceInput(site, names);
  const mask = sequence ? maskInput(site, names, `the real steps of ${modality}`) : undefined;

  return graph.within(`${id}/input`, () => {
    const given = unsqueeze(site, isNonZero(site, flags), 1); // [B, 1]
    const counted = mask && realSteps(site, mask, given);
    const has = counted?.has ?? given; // [B, 1]
    const selected = counted ? unsqueeze(site, counted.real, 2) : given; // [B, T, 1] or [B, 1]
    const statistics = normaliser.modalities[modality];
    const scaling = statistics && stepScaling(modality, width, statistics, normaliser);
    const features = graph.node("Where", [
      selected,
      scaling ? normalise(site, raw, scaling) : raw,
      graph.scalar(0),
    ]);
    return { modality, id, features, steps: counted?.steps, present: toFloat(site, has), has };
  });
}

/**
 * Normalises as data/normaliser.ts does, in float32: a graph with doubles does not run on a GPU in the
 * browser.
 *
 * The mean is subtracted in two parts, because a feature can be large compared with its standard deviation.
 * The first difference is exact if a feature is within a factor of 2 of its mean, so no rounded digits
 * cancel. Each result is within a relative error of 2^-22 of the float64 result.
 */
function normalise({ graph }: Site, raw: Value, { mean, scale, limit, shrink }: StepScaling): Value {
  const upper = Float32Array.from(mean);
  const rest = Float32Array.from(mean, (value, d) => value - defined(upper[d]));
  const near = graph.node("Sub", [raw, graph.floats(upper)]);
  const centred = graph.node("Sub", [near, graph.floats(rest)]);
  const scaled = factorsOf(scale.map((value) => value * shrink)).reduce(
    (product, factor) => graph.node("Mul", [product, graph.floats(factor)]),
    centred,
  );
  if (limit === Infinity) return scaled;
  return graph.node("Clip", [scaled, graph.scalar(-limit * shrink), graph.scalar(limit * shrink)]);
}

/**
 * Returns the scale in float32. Two factors are needed if a standard deviation is so small that its inverse
 * overflows float32.
 */
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
 * Declares the inputs of a text that an encoder inside the model reads: token ids and their mask. Vectors
 * of a frozen encoder are scaled, if the normaliser has their statistics.
 * @param sequence true if the model reads every modality as a sequence; the text is then one step
 * @param encode maps ids [B, T] (int64) and mask (float) to vectors [B, H]
 */
export function encodedPort(
  site: Site,
  names: PortNames,
  sequence: boolean,
  normaliser: Normaliser,
  encode: (ids: Value, mask: Value) => Value,
): ModalityPort {
  const { graph } = site;
  const { modality, id } = names;
  const ids = graph.input({
    name: id,
    type: "int64",
    dims: ["batch", stepsOf(names)],
    description:
      `token ids of ${modality}, including the tokenizer's special tokens; ignored where missing or ` +
      "padding",
  });
  const flags = presenceInput(site, names);
  const mask = maskInput(site, names, `the tokens of ${modality}`);
  return graph.within(`${id}/encoder`, () => {
    const given = unsqueeze(site, isNonZero(site, flags), 1); // [B, 1]
    const { steps, has } = realSteps(site, mask, given);
    const name = vectorsOf(modality);
    const statistics = normaliser.modalities[name];
    const scaling = statistics && stepScaling(name, statistics.mean.length, statistics, normaliser);
    const read = encode(ids, steps);
    const scaled = scaling ? normalise(site, read, scaling) : read;
    const vectors = graph.node("Where", [has, scaled, graph.scalar(0)]); // [B, H]
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

/** Name of a modality's number of steps. */
function stepsOf({ id }: PortNames): string {
  return `steps_${id}`;
}

/** Declares the presence of a modality, [B]. */
function presenceInput({ graph }: Site, { modality, id }: PortNames): Value {
  return graph.input({
    name: `present_${id}`,
    type: "float",
    dims: ["batch"],
    description: `1 if the sample has ${modality}, otherwise 0`,
  });
}

/** Declares the step mask of a modality, [B, T]. */
function maskInput({ graph }: Site, names: PortNames, real: string): Value {
  return graph.input({
    name: `mask_${names.id}`,
    type: "float",
    dims: ["batch", stepsOf(names)],
    description: `1 for ${real}, 0 for padding`,
  });
}

interface RealSteps {
  /** True for a real step of a sample that has the modality, [B, T]. */
  readonly real: Value;
  /** The same as 1 and 0, [B, T]. */
  readonly steps: Value;
  /** True for a sample with at least one such step, [B, 1]. */
  readonly has: Value;
}

function realSteps(site: Site, mask: Value, given: Value): RealSteps {
  const { graph } = site;
  const real = graph.node("And", [isNonZero(site, mask), given]);
  const steps = toFloat(site, real);
  return { real, steps, has: graph.node("Greater", [sum(site, steps, 1, true), graph.scalar(0)]) };
}
