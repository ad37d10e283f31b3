import { causeText } from "../../core/cause-text.js";
import { DataError } from "../../core/errors.js";
import { isRecord } from "../../core/is-record.js";
import { suggestion } from "../../core/nearest.js";
import { parseJson } from "../../core/parse-json.js";
import type { Features } from "../../predict/feature-input.js";
import { decodeUtf8 } from "../http/read-body.js";
import type { GivenSample, GivenSamples } from "./given-sample.js";
import { refuseTooMany } from "./refuse-too-many.js";
import { scanSamples } from "./scan-samples.js";

const SAMPLE_KEYS = ["id", "features", "text"];
const EXAMPLE = 'For example {"features": {"text": [0.1, -0.2]}}, or {"text": "not again"}.';

/**
 * Reads the samples of a JSON body. An invalid sample becomes an error, and the others are still read.
 * @param body UTF-8
 * @param most largest number of samples in one body
 * @throws DataError "data.format" if the body is not JSON, or not an object
 */
export function parseSamples(body: Uint8Array, most: number): GivenSamples {
  return scanSamples(body, most) ?? parseText(decodeUtf8(body), most);
}

function parseText(body: string, most: number): GivenSamples {
  const value = parseBody(body);
  if (!isRecord(value)) throw malformed("the body must be an object");
  if (!Object.hasOwn(value, "samples")) return { many: false, samples: [sampleOf(value)] };
  const { samples, ...others } = value;
  refuseOthers(others, ["samples"]);
  if (!Array.isArray(samples)) throw malformed("samples must be a list");
  if (samples.length === 0) throw new DataError("data.empty", "prediction: the list of samples is empty");
  refuseTooMany(samples.length, most);
  return { many: true, samples: samples.map(sampleOf) };
}

function parseBody(body: string): unknown {
  try {
    return parseJson(body);
  } catch (cause) {
    throw new DataError("data.format", `prediction: the body is not JSON (${causeText(cause)})`, {
      hint: EXAMPLE,
      cause,
    });
  }
}

function sampleOf(value: unknown): GivenSample {
  if (!isRecord(value)) return { kind: "bad", id: undefined, error: malformed("a sample must be an object") };
  const { id: given, features, text } = value;
  const id = typeof given === "string" || typeof given === "number" ? given : undefined;
  try {
    refuseOthers(value, SAMPLE_KEYS);
    if (given !== undefined && given !== null && id === undefined)
      throw malformed("the id of a sample must be a text or a number");
    if (typeof text === "string" && features === undefined) return { kind: "text", id, text };
    if (text !== undefined && features !== undefined)
      throw malformed("a sample has either features or a text, not both");
    if (!isRecord(features)) throw malformed("a sample must have features (an object by modality) or a text");
    return { kind: "features", id, features: features as Features };
  } catch (error) {
    if (error instanceof DataError) return { kind: "bad", id, error };
    throw error;
  }
}

function refuseOthers(value: Readonly<Record<string, unknown>>, known: readonly string[]): void {
  const other = Object.keys(value).find((key) => !known.includes(key));
  if (other !== undefined)
    throw new DataError("data.format", `prediction: unknown key "${other}"`, {
      hint: suggestion(other, known),
    });
}

function malformed(what: string): DataError {
  return new DataError("data.format", `prediction: ${what}`, { hint: EXAMPLE });
}
