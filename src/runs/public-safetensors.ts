import { checkedCall, must, objectOf, rules, TEXT } from "../core/checked-call.js";
import type { OptionRule } from "../core/check-options.js";
import { isRecord } from "../core/is-record.js";
import * as safetensors from "./safetensors.js";

// The reader and the writer of `euar/tensor`, with the types of their arguments checked.

const BYTES = must({ expected: "a Uint8Array", holds: (value) => value instanceof Uint8Array });
const ARRAYS = [Float32Array, Float64Array, Int32Array, Uint8Array];
const tensors: OptionRule = {
  expected: "a Map from names to tensors, each with a shape and the values for it",
  holds: (value) =>
    value instanceof Map && [...value].every(([name, one]) => rules.text.holds(name) && isTensor(one)),
};
const metadata: OptionRule = {
  expected: "an object of texts",
  holds: (value) => isRecord(value) && Object.values(value).every((text) => typeof text === "string"),
};

function isTensor(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { shape, values } = value;
  if (!Array.isArray(shape) || !shape.every(rules.whole.holds)) return false;
  if (!ARRAYS.some((kind) => values instanceof kind)) return false;
  const size = (shape as readonly number[]).reduce((product, length) => product * length, 1);
  return ArrayBuffer.isView(values) && "length" in values && values.length === size;
}

/**
 * Reads a safetensors file from memory. The tensors may share that memory, so do not change it afterwards.
 *
 * The second argument is the name of the file, for messages.
 * @throws CheckpointError "checkpoint.format" for any malformed file
 */
export const readSafetensors = checkedCall("readSafetensors", safetensors.readSafetensors, [BYTES, TEXT]);
/** Serialises tensors and text metadata in the safetensors format. */
export const writeSafetensors = checkedCall("writeSafetensors", safetensors.writeSafetensors, [
  objectOf("tensors and metadata", { tensors, metadata }),
]);
