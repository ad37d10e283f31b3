import type { z } from "zod";
import type { EncoderFiles } from "../encoders/encoder-files.js";
import type { ReadAsset } from "./asset.js";
import type { FeatureExtractor } from "./feature-extractor.js";
import type { ModelSource } from "./onnx/model-source.js";
import type { TextMedia } from "./media.js";

/** Decoded media that adapters read, by kind of medium. The folder of each other kind adds its own. */
export interface MediaByKind {
  readonly text: TextMedia;
}

/** Kind of medium. The keys are the words that people use. */
export type MediumKind = keyof MediaByKind;

/** Services that adapters may need of their host. */
export interface AdapterEnvironment {
  /**
   * Reads files of installed packages: `nodeAssets` in Node, or the files that the page serves in a browser.
   */
  readonly readAsset: ReadAsset;
  /** Reads models of the user (text/onnx and similar adapters). */
  readonly models?: ModelSource | undefined;
  /** Opens the files of a pretrained encoder in a folder, by range (text/encoder). */
  readonly encoders?: ((folder: string) => EncoderFiles) | undefined;
}

/** Turns one kind of medium into features. */
export interface Adapter<Kind extends MediumKind = MediumKind> {
  /** Id as in {@link AdapterIdentity.adapter}, e.g. "text/use-lite". */
  readonly id: string;
  readonly kind: Kind;
  /** One line for --help and docs. */
  readonly summary: string;
  /** All optional packages that the adapter may need, so that one error can name all missing ones. */
  readonly packages: readonly string[];
  /** Schema of a flat object of scalars. Each is required or has a default. */
  readonly options: z.ZodObject;
  /**
   * Loads the adapter.
   * @param options options that were checked against the schema
   */
  readonly create: (
    options: Readonly<Record<string, unknown>>,
    environment: AdapterEnvironment,
  ) => Promise<FeatureExtractor<MediaByKind[Kind]>>;
}

/** Defines an adapter. `create` gets options with the type of their schema. */
export function defineAdapter<Kind extends MediumKind, Schema extends z.ZodObject>(spec: {
  readonly id: string;
  readonly kind: Kind;
  readonly summary: string;
  readonly packages: readonly string[];
  readonly options: Schema;
  readonly create: (
    options: z.infer<Schema>,
    environment: AdapterEnvironment,
  ) => Promise<FeatureExtractor<MediaByKind[Kind]>>;
}): Adapter<Kind> {
  return { ...spec, create: (options, environment) => spec.create(spec.options.parse(options), environment) };
}
