import { MediaError } from "../core/errors.js";

/**
 * Everything that determines the values of features: equal bytes and equal identities give equal features.
 * Stored in data sets and run folders.
 */
export interface AdapterIdentity {
  /** Family and kind, e.g. "text/use-lite", "audio/covarep", "face/mesh", "image/mobilenet-v2-mid". */
  readonly adapter: string;
  /** Version of the adapter. It rises whenever the adapter's own arithmetic changes the values. */
  readonly version: number;
  /** Packages and model files whose content determines the values: name -> version or sha-256. */
  readonly packages: Readonly<Record<string, string>>;
  /** Resolved options that determine the values, and those of `placeOptions`; plain JSON. */
  readonly options: Readonly<Record<string, string | number | boolean | null>>;
  /** D. */
  readonly width: number;
}

/**
 * Options with the location of a model's files. They do not affect the features: `packages` has the hashes of
 * the files, and equal files in another place are equivalent.
 */
export const placeOptions: readonly string[] = ["folder", "hub", "revision", "file"];

/** Conversion of an adapter's steps to the steps of a data set. */
export interface Preparation {
  /**
   * "word": one step per word if the words have times, otherwise as "uniform". "uniform": at most `steps`
   * spans of equal length. "none": as the adapter made them.
   */
  readonly align: "word" | "uniform" | "none";
  /** Largest number of steps for "uniform", and for "word" without word times; null for "none". */
  readonly steps: number | null;
  /** "mean": one step, the mean of the real ones. */
  readonly pool: "mean" | "none";
  /** Frames per second that video was decoded at; null for other media. */
  readonly fps: number | null;
  /** Half of the image to read, for files that contain two images side by side. */
  readonly part?: "left" | "right" | undefined;
}

/**
 * Origin of the features of one modality. It has everything that is needed to make such features from another
 * sample.
 */
export interface FeatureOrigin extends AdapterIdentity {
  /** Absent: the adapter's steps were stored unchanged. */
  readonly preparation?: Preparation | undefined;
}

/**
 * Checks that features were made in the same way as the training features of a model.
 * @param modality for the message
 * @param trained origin of the training features
 * @param offered origin of the given features
 * @throws MediaError "media.mismatch" naming the first difference and the remedy
 */
export function requireSameAdapter(
  modality: string,
  trained: AdapterIdentity,
  offered: AdapterIdentity,
): void {
  const difference = adapterDifference(trained, offered);
  if (difference === undefined) return;
  throw new MediaError(
    "media.mismatch",
    `the ${modality} features do not fit the model: ${difference.what}`,
    { hint: difference.remedy },
  );
}

interface Difference {
  readonly what: string;
  readonly remedy: string;
}

/** Returns the first difference between two identities in words; undefined if they are equal. */
export function adapterDifference(
  trained: AdapterIdentity,
  offered: AdapterIdentity,
): Difference | undefined {
  if (trained.adapter !== offered.adapter) {
    return {
      what: `it was trained on features of ${trained.adapter}, these are features of ${offered.adapter}`,
      remedy: `Extract with ${trained.adapter}, or train on features of ${offered.adapter}.`,
    };
  }
  const name = trained.adapter;
  if (trained.version !== offered.version) {
    return {
      what: `it was trained on version ${trained.version} of ${name}, this is version ${offered.version}`,
      remedy:
        "Use the release of euar that made the training features, or extract them again and train again.",
    };
  }
  const option = firstDifference(withoutPlace(trained.options), withoutPlace(offered.options));
  if (option !== undefined) {
    const { key, before, now } = option;
    return {
      what: `${name} had the option ${key} = ${before} in training, here ${key} = ${now}`,
      remedy: `Extract with ${key} = ${before}, or train on features made with ${key} = ${now}.`,
    };
  }
  const packaged = firstDifference(trained.packages, offered.packages);
  if (packaged !== undefined) {
    const { key, before, now } = packaged;
    return {
      what: `${name} used ${key} ${before} in training, here ${now}`,
      remedy: `Install ${key} ${before}, or extract the training features again and train again.`,
    };
  }
  if (trained.width === offered.width) return undefined;
  return {
    what: `${name} gave ${trained.width} features in training, here ${offered.width}`,
    remedy: "Extract the training features again and train again.",
  };
}

function withoutPlace(options: AdapterIdentity["options"]): AdapterIdentity["options"] {
  return Object.fromEntries(Object.entries(options).filter(([key]) => !placeOptions.includes(key)));
}

function firstDifference(
  before: Readonly<Record<string, unknown>>,
  now: Readonly<Record<string, unknown>>,
): { key: string; before: string; now: string } | undefined {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
  const key = keys.find((name) => ownValue(before, name) !== ownValue(now, name));
  return key === undefined ? undefined : { key, before: ownValue(before, key), now: ownValue(now, key) };
}

function ownValue(values: Readonly<Record<string, unknown>>, key: string): string {
  return Object.hasOwn(values, key) ? String(values[key]) : "(none)";
}
