import { DataError } from "../../core/errors.js";
import type { TokenIds } from "../dataset.js";
import { type NdArray, readFloats } from "./nd-array.js";

/** Bound of ids. Smaller ids are exact as features in single precision. */
const LARGEST_ID = 2 ** 24;

/**
 * Reads `text_bert` of MMSA: token ids, a mask and segments, [N, 3, L].
 * @param count N, the number of labels
 * @throws DataError "data.format" for another shape, ids that are not whole numbers, mask values other than 0
 * and 1, or texts of two segments
 */
export function readTokenIds(array: NdArray, place: string, count: number): TokenIds {
  const [rows, parts, steps] = array.shape;
  if (array.shape.length !== 3 || rows !== count || parts !== 3 || steps === undefined || steps === 0)
    throw wrong(
      place,
      `its shape is (${array.shape.join(", ")}), expected (${count}, 3, L): ids, mask and segments`,
    );
  const values = readFloats(array);
  const ids = new Int32Array(count * steps);
  const mask = new Uint8Array(count * steps);
  for (let n = 0; n < count; n++) {
    const part = (k: number): Float32Array => values.subarray((3 * n + k) * steps, (3 * n + k + 1) * steps);
    const [own, real, segments] = [part(0), part(1), part(2)];
    if (!own.every((id) => Number.isInteger(id) && id >= 0 && id < LARGEST_ID))
      throw wrong(place, `sample ${n} has a token id that is not a whole number from 0 to ${LARGEST_ID - 1}`);
    if (!real.every((flag) => flag === 0 || flag === 1))
      throw wrong(place, `the mask of sample ${n} has numbers other than 0 and 1`);
    if (segments.some((segment, t) => segment !== 0 && real[t] === 1))
      throw wrong(place, `sample ${n} has tokens of a second segment, which the encoder does not read`);
    ids.set(own, n * steps);
    mask.set(real, n * steps);
  }
  return { steps, ids, mask };
}

function wrong(place: string, what: string): DataError {
  return new DataError("data.format", `${place}: ${what}.`, {
    hint: "MMSA writes text_bert as (N, 3, L). Otherwise keep raw_text in the file and remove text_bert.",
  });
}
