import { JsonScanner } from "./json-scanner.js";
import type { GivenSample, GivenSamples } from "./given-sample.js";
import type { SampleId } from "./scorer.js";

/**
 * Reads a JSON body with the features of one sample or several, several times faster than JSON.parse. The
 * features have the bits that a batch of the parsed numbers would have.
 * @param most largest number of samples
 * @returns undefined for every other body, invalid ones included, which the caller must then parse
 */
export function scanSamples(bytes: Uint8Array, most: number): GivenSamples | undefined {
  const scanner = JsonScanner.of(bytes);
  if (!scanner?.take("{")) return undefined;
  const key = scanner.key();
  if (key === undefined) return undefined;
  const many = key === "samples";
  const samples = many ? scanList(scanner, most) : scanOnly(scanner, key);
  return samples && scanner.isAtEnd ? { many, samples } : undefined;
}

function scanOnly(scanner: JsonScanner, key: string): GivenSample[] | undefined {
  const sample = scanSample(scanner, key);
  return sample && [sample];
}

function scanList(scanner: JsonScanner, most: number): GivenSample[] | undefined {
  const samples: GivenSample[] = [];
  if (!scanner.take("[")) return undefined;
  do {
    const key = scanner.take("{") ? scanner.key() : undefined;
    const sample = key === undefined ? undefined : scanSample(scanner, key);
    if (!sample || samples.length === most) return undefined;
    samples.push(sample);
  } while (scanner.take(","));
  return scanner.take("]") && scanner.take("}") ? samples : undefined;
}

/** @param first first key of the sample, which was read before */
function scanSample(scanner: JsonScanner, first: string): GivenSample | undefined {
  let id: SampleId;
  let features: GivenFeatures | undefined;
  let key: string | undefined = first;
  for (;;) {
    if (key === "id" && id === undefined) {
      id = scanner.text() ?? scanner.integer();
      if (id === undefined) return undefined;
    } else if (key === "features" && features === undefined) {
      features = scanFeatures(scanner);
      if (features === undefined) return undefined;
    } else return undefined;
    if (!scanner.take(",")) break;
    key = scanner.key();
  }
  return features && scanner.take("}") ? { kind: "features", id, features } : undefined;
}

type GivenFeatures = Record<string, Float32Array | Float32Array[] | null>;

function scanFeatures(scanner: JsonScanner): GivenFeatures | undefined {
  const features: GivenFeatures = {};
  if (!scanner.take("{")) return undefined;
  do {
    const name = scanner.key();
    if (name === undefined || name === "__proto__" || Object.hasOwn(features, name)) return undefined;
    const value = scanner.takeNull() ? null : scanner.vectors();
    if (value === undefined) return undefined;
    features[name] = value;
  } while (scanner.take(","));
  return scanner.take("}") ? features : undefined;
}
