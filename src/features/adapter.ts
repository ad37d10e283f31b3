import type { z } from "zod";
import type { EncoderFiles } from "../encoders/encoder-files.js";
import type { ReadAsset } from "./asset.js";
import type { FeatureExtractor } from "./feature-extractor.js";
import type { ModelSource } from "./onnx/model-source.js";
import type { MediumKind } from "../data/medium-names.js";
import type { AudioMedia, ImageMedia, TextMedia, VideoMedia } from "./media.js";

export type { MediumKind };

/** What adapters read, by kind of medium. */
export interface MediaByKind extends Readonly<Record<MediumKind, unknown>> {
  readonly text: TextMedia;
  readonly audio: AudioMedia;
  readonly video: VideoMedia;
  readonly image: ImageMedia;
}

/** What an adapter may need of where it runs. */
export interface AdapterEnvironment {
  /** Reads files of installed packages: `nodeAssets` in Node, what the page serves in a browser. */
  readonly readAsset: ReadAsset;
  /** Reads models that the user brings (text/onnx and its like). */
  readonly models?: ModelSource | undefined;
  /** Opens the files of a pretrained encoder in a folder, by range (text/encoder). */
  readonly encoders?: ((folder: string) => EncoderFiles) | undefined;
}

/** One way to turn a kind of medium into features. */
export interface Adapter<Kind extends MediumKind = MediumKind> {
  /** As in {@link AdapterIdentity.adapter}, e.g. "text/use-lite". */
  readonly id: string;
  readonly kind: Kind;
  /** For --help and docs. */
  readonly summary: string;
  /** Every optional package that the adapter may need, so that all that are missing can be named at once. */
  readonly packages: readonly string[];
  /** A flat object of scalars, every one with a default or required. */
  readonly options: z.ZodObject;
  /** Loads the adapter. @param options checked against `options` already */
  readonly create: (
    options: Readonly<Record<string, unknown>>,
    environment: AdapterEnvironment,
  ) => Promise<FeatureExtractor<MediaByKind[Kind]>>;
}

/** An adapter whose options have the type of their schema. */
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
