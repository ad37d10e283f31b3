import type { EuarConfig } from "../models/euar-config.js";
import type { LinearConfig } from "../models/linear-config.js";
import type { DataSignature, Model } from "../models/model.js";
import type { WeightSource } from "../nn/parameter-set.js";
import type { Backend } from "../tensor/backend.js";

/**
 * Builds a model from the complete, valid configuration that a run stores. Loads only the code of this model
 * and no schemas, so that the first prediction starts sooner. Registered models come from the registry.
 */
export async function buildModel(
  name: string,
  signature: DataSignature,
  config: Readonly<Record<string, unknown>>,
  backend: Backend,
  seed: WeightSource,
): Promise<Model> {
  if (name === "euar")
    return (await import("../models/euar.js")).createEuar(signature, config as EuarConfig, backend, seed);
  if (name === "linear")
    return (await import("../models/linear.js")).createLinear(
      signature,
      config as LinearConfig,
      backend,
      seed,
    );
  return (await import("../models/registry.js")).createModel(name, signature, config, backend, seed);
}
