import type { FeatureOrigin } from "../data/adapter-identity.js";

/** Describes how the features were extracted, one line per modality, for `euar inspect`. */
export function originLines(features: Readonly<Record<string, FeatureOrigin>> | undefined): string[] {
  return Object.entries(features ?? {}).map(([modality, origin]) => `${modality}: ${describeOrigin(origin)}`);
}

function describeOrigin({ adapter, version, options, packages, preparation }: FeatureOrigin): string {
  const parts = [
    `${adapter} version ${version}`,
    list(options, " "),
    list(packages, " "),
    preparation === undefined
      ? ""
      : `align ${preparation.align}${preparation.steps === null ? "" : ` to ${preparation.steps} steps`}, ` +
        `pool ${preparation.pool}${preparation.fps === null ? "" : `, ${preparation.fps} frames per second`}`,
  ];
  return parts.filter((part) => part !== "").join("; ");
}

function list(values: Readonly<Record<string, unknown>>, between: string): string {
  return Object.entries(values)
    .map(([key, value]) => `${key}${between}${String(value)}`)
    .join(", ");
}
