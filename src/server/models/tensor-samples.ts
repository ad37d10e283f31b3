import { CheckpointError, DataError } from "../../core/errors.js";
import { defined } from "../../core/defined.js";
import { parseJson } from "../../core/parse-json.js";
import type { ModalityInfo } from "../../data/dataset.js";
import { checkWidth, type Features, type ModalityFeatures } from "../../predict/feature-input.js";
import { SafetensorsReader, type StoredTensor, type TensorFile } from "../../runs/safetensors.js";
import type { GivenSample, GivenSamples } from "./given-sample.js";
import { refuseTooMany } from "./refuse-too-many.js";
import type { SampleId } from "./scorer.js";

/** Largest number of tensors. No model has as many modalities. */
const MOST_TENSORS = 64;
/** Key of the header's metadata with the ids of the samples. */
const IDS = "ids";
const HINT =
  "Give one tensor per modality: [width] for one sample, [samples, width] for vectors, " +
  "[samples, steps, width] for sequences.";

/**
 * Reads the samples of a safetensors body: one tensor per modality, of shape [D] for one sample, or [B, D] or
 * [B, T, D] for several. The features are views of the body.
 *
 * @param body a safetensors file with values of F32, F64, I32 or U8. `__metadata__` may have `ids`: a JSON
 * list of B texts, numbers or nulls
 * @param most largest number of samples in one body
 * @param modalities modalities of the model. A tensor of another width is refused before it is read.
 * @throws DataError "data.format" for a malformed file, tensors of other shapes, or other ids; "data.empty"
 * without samples; "data.unknown-modality" or "data.width-mismatch" for tensors that the model does not have
 */
export function tensorSamples(
  body: Uint8Array,
  most: number,
  modalities: readonly ModalityInfo[],
): GivenSamples {
  const { tensors, metadata } = readBody(body);
  if (tensors.size > MOST_TENSORS) throw malformed(`it has ${tensors.size} tensors, at most ${MOST_TENSORS}`);
  const [first] = tensors.values();
  if (!first) throw new DataError("data.empty", "prediction: the body has no tensor", { hint: HINT });
  const many = first.shape.length > 1;
  const count = many ? defined(first.shape[0]) : 1;
  for (const [name, { shape }] of tensors) checkShape(name, shape, { many, count });
  refuseTooMany(count, most);
  for (const [name, { shape }] of tensors) checkWidth(name, defined(shape.at(-1)), { index: 0, modalities });
  const ids = readIds(metadata[IDS], count);
  const columns = [...tensors].map(([name, tensor]) => [name, samplesOf(tensor)] as const);
  const samples = ids.map((id, i): GivenSample => {
    const features: Features = Object.fromEntries(columns.map(([name, of]) => [name, of(i)]));
    return { kind: "features", id, features };
  });
  return { many, samples };
}

/** The clients of a model usually send the same header. */
const reader = new SafetensorsReader();

function readBody(body: Uint8Array): TensorFile {
  try {
    return reader.read(body, "the body");
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error;
    throw new DataError("data.format", `prediction: ${error.message}`, { hint: HINT, cause: error });
  }
}

function checkShape(
  name: string,
  shape: readonly number[],
  { many, count }: { readonly many: boolean; readonly count: number },
): void {
  const text = `the tensor "${name}" has the shape [${shape.join(", ")}]`;
  if (shape.length === 0 || shape.length > 3) throw malformed(text);
  if (shape.length > 1 !== many) throw malformed(`${text}, but others have ${many ? "several" : "one"}`);
  if (many && shape[0] !== count) throw malformed(`${text}, but the first one has ${count} samples`);
  if (shape.includes(0)) throw new DataError("data.empty", `prediction: ${text}`, { hint: HINT });
}

/** Returns a function that gives the features of sample i. */
function samplesOf({ shape, values }: StoredTensor): (i: number) => ModalityFeatures {
  const width = defined(shape.at(-1));
  const steps = shape.length === 3 ? defined(shape[1]) : 1;
  const vector = (at: number): ArrayLike<number> => values.subarray(at * width, (at + 1) * width);
  if (shape.length < 3) return vector;
  return (i) => Array.from({ length: steps }, (_, step) => vector(i * steps + step));
}

function readIds(text: string | undefined, count: number): SampleId[] {
  if (text === undefined) return Array.from({ length: count }, () => undefined);
  let ids: unknown;
  try {
    ids = parseJson(text);
  } catch (cause) {
    throw malformed(`its metadata "${IDS}" is not JSON`, cause);
  }
  if (!Array.isArray(ids) || ids.length !== count)
    throw malformed(`its metadata "${IDS}" must be a JSON list with an id for each of the ${count} samples`);
  return ids.map((id: unknown) => {
    if (typeof id === "string" || typeof id === "number") return id;
    if (id === null) return undefined;
    throw malformed("the id of a sample must be a text or a number");
  });
}

function malformed(what: string, cause?: unknown): DataError {
  return new DataError("data.format", `prediction: ${what}`, { hint: HINT, cause });
}
