import type { z } from "zod";
import type { WeightSource } from "../../nn/parameter-set.js";
import type { Backend } from "../../tensor/backend.js";
import type { DataSignature, Model } from "../model.js";
import { alignConfigSchema, createAlign } from "./align.js";
import { concatConfigSchema, createConcat } from "./concat.js";
import { createDcca, dccaConfigSchema } from "./dcca.js";
import { createDicmor, dicmorConfigSchema } from "./dicmor.js";
import { createGcnet, gcnetConfigSchema } from "./gcnet.js";
import { createLateFusion, lateFusionConfigSchema } from "./late-fusion.js";
import { createMctn, mctnConfigSchema } from "./mctn.js";
import { createMmin, mminConfigSchema } from "./mmin.js";
import { createMmtm, mmtmConfigSchema } from "./mmtm.js";
import { createQmf, qmfConfigSchema } from "./qmf.js";
import { createTmc, tmcConfigSchema } from "./tmc.js";

export interface RegisteredBaseline {
  readonly schema: z.ZodObject;
  readonly create: (
    signature: DataSignature,
    config: Readonly<Record<string, unknown>>,
    backend: Backend,
    seed: WeightSource,
  ) => Model;
}

function baseline<Schema extends z.ZodObject>(
  schema: Schema,
  create: (signature: DataSignature, config: z.infer<Schema>, backend: Backend, seed: WeightSource) => Model,
): RegisteredBaseline {
  return {
    schema,
    create: (signature, config, backend, seed) => create(signature, schema.parse(config), backend, seed),
  };
}

/** What EUAR is compared with, by name; docs/baselines/ has a page for each. */
export const baselines: Readonly<Record<string, RegisteredBaseline>> = {
  concat: baseline(concatConfigSchema, createConcat),
  "late-fusion": baseline(lateFusionConfigSchema, createLateFusion),
  align: baseline(alignConfigSchema, createAlign),
  mmtm: baseline(mmtmConfigSchema, createMmtm),
  tmc: baseline(tmcConfigSchema, createTmc),
  qmf: baseline(qmfConfigSchema, createQmf),
  dcca: baseline(dccaConfigSchema, createDcca),
  mctn: baseline(mctnConfigSchema, createMctn),
  mmin: baseline(mminConfigSchema, createMmin),
  gcnet: baseline(gcnetConfigSchema, createGcnet),
  dicmor: baseline(dicmorConfigSchema, createDicmor),
};
