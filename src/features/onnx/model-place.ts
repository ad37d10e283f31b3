import { z } from "zod";
import { ConfigError } from "../../core/errors.js";
import type { ModelPlace, ModelSource } from "./model-source.js";

/** Options of adapters whose network the user provides. */
export const modelPlaceOptions = {
  folder: z.string().min(1).optional().describe("folder of the model's files, or its .onnx file"),
  hub: z
    .string()
    .regex(/^[\w-][\w.-]*\/[\w-][\w.-]*$/, 'must look like "owner/name"')
    .optional()
    .describe("name of the model on the hub, instead of folder"),
  revision: z
    .string()
    .regex(/^\w[\w.-]*(?:\/\w[\w.-]*)*$/, "must be a branch, tag or commit")
    .default("main")
    .describe("branch, tag or commit on the hub"),
  file: z
    .string()
    .regex(/^(?!\/)(?!.*\.\.).+\.onnx$/, "must be a path inside the folder that ends in .onnx")
    .optional()
    .describe("the .onnx file in the folder; by default onnx/model.onnx or model.onnx"),
};

export interface ModelPlaceOptions {
  readonly folder?: string | undefined;
  readonly hub?: string | undefined;
  readonly revision?: string | undefined;
  readonly file?: string | undefined;
}

export interface ResolvedPlace {
  readonly place: ModelPlace;
  readonly file: string | undefined;
  /** Options that locate it again, for the identity. */
  readonly options: Readonly<Record<string, string>>;
}

/**
 * Returns the place of a model from its options. A folder that ends in ".onnx" names the file of the model.
 * @param adapter id for the message
 * @throws ConfigError "config.conflict" unless exactly one of `folder` and `hub` is given
 */
export function resolvePlace(
  adapter: string,
  { folder, hub, revision = "main", file }: ModelPlaceOptions,
  source: ModelSource,
): ResolvedPlace {
  if ((folder === undefined) === (hub === undefined)) {
    throw new ConfigError(
      "config.conflict",
      `${adapter} needs either folder or hub, but ${folder === undefined ? "neither is" : "both are"} given`,
      {
        hint: `For example ${adapter}:folder=models/mine`,
      },
    );
  }
  const chosen = file === undefined ? {} : { file };
  if (hub !== undefined)
    return { place: { kind: "hub", id: hub, revision }, file, options: { hub, revision, ...chosen } };
  const absolute = source.absolute(folder ?? "");
  const single = /^(.*?)[/\\]?([^/\\]+\.onnx)$/.exec(absolute);
  if (file !== undefined || !single?.[2])
    return { place: { kind: "folder", folder: absolute }, file, options: { folder: absolute, ...chosen } };
  return {
    place: { kind: "folder", folder: single[1] ?? "" },
    file: single[2],
    options: { folder: absolute },
  };
}
