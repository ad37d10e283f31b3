import { z } from "zod";
import { checkOptions } from "../core/check-options.js";
import { ConfigError, MediaError } from "../core/errors.js";
import { isRecord } from "../core/is-record.js";
import { suggestion } from "../core/nearest.js";
import { namesOfModality } from "../data/modality-families.js";
import type { Adapter, AdapterEnvironment, MediaByKind, MediumKind } from "./adapter.js";
import { audioMedium } from "./audio/audio-medium.js";
import type { FeatureExtractor } from "./feature-extractor.js";
import { imageMedium } from "./image/image-medium.js";
import type { Medium } from "./medium.js";
import { textMedium } from "./text/text-medium.js";
import { videoMedium } from "./video/video-medium.js";

/** Adapter and its options. Options that are absent have their defaults. */
export interface AdapterChoice {
  readonly adapter: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Types of the descriptors. Named, so that the published types include what each folder declares. */
export interface KnownMedia {
  readonly text: typeof textMedium;
  readonly audio: typeof audioMedium;
  readonly video: typeof videoMedium;
  readonly image: typeof imageMedium;
}

/**
 * Descriptors of all kinds of media, in the order of modalities in data sets. A new kind is a folder with its
 * descriptor, a line here and its type above. A new adapter is a file and a line in the list of its
 * descriptor. Models are loaded on first use.
 */
export const media: KnownMedia = {
  text: textMedium,
  audio: audioMedium,
  video: videoMedium,
  image: imageMedium,
} satisfies { readonly [Kind in MediumKind]: Medium<Kind> };

/** All kinds of media, in the order of the list. */
export const mediumKinds = Object.keys(media) as readonly MediumKind[];

/** Returns the descriptor of a kind. */
export function mediumOf<Kind extends MediumKind>(kind: Kind): Medium<Kind> {
  const byKind: { readonly [Each in MediumKind]: Medium<Each> } = media;
  return byKind[kind];
}

/** All descriptors. */
export const allMedia: readonly Medium[] = mediumKinds.map((kind): Medium => mediumOf(kind));

/** Code of a problem that quality measures of adapters, or decoders, may find. */
export type ProblemCode = (typeof media)[MediumKind]["problems"][number];

/** All codes of problems that the built-in adapters and decoders can report. */
export const problemCodes: readonly ProblemCode[] = mediumKinds.flatMap((kind) => media[kind].problems);

/** Returns all names of the modality of a kind, in data sets and in speech. */
export function namesOfKind(kind: MediumKind): readonly string[] {
  const { modality } = media[kind];
  return [...new Set([modality, kind, ...namesOfModality(modality)])];
}

/** Returns the kind of a modality with this name; undefined for a name that the user chose. */
export function kindOfModality(name: string): MediumKind | undefined {
  return mediumKinds.find((kind) => media[kind].modality === name);
}

const registered: Adapter[] = [];

/**
 * Returns all adapters of a kind: first those of this package (the first is the default), then the registered
 * ones.
 */
export function knownAdapters<Kind extends MediumKind>(kind: Kind): readonly Adapter<Kind>[] {
  const isOfKind = (adapter: Adapter): adapter is Adapter<Kind> => adapter.kind === kind;
  return [...mediumOf(kind).adapters, ...registered.filter(isOfKind)];
}

/**
 * Registers an adapter under its id, for `createExtractor`, `euar extract` and runs that were trained on its
 * features. Registering the same adapter again has no effect.
 * @throws ConfigError "config.conflict" for an id that is taken, "config.invalid" for an invalid one
 */
export function registerAdapter<Kind extends MediumKind>(adapter: Adapter<Kind>): void {
  requireAdapter(adapter);
  const { id, kind } = adapter;
  const before = knownAdapters(kind).find((known) => known.id === id);
  if (before === adapter) return;
  if (before !== undefined || kindOfAdapter(id) !== undefined)
    throw new ConfigError("config.conflict", `there is an adapter "${id}" already`, {
      hint: "Choose another id.",
    });
  if (!new RegExp(`^${kind}/[a-z0-9][a-z0-9-]*$`).test(id))
    throw new ConfigError("config.invalid", `"${id}" cannot name an adapter that reads ${kind}`, {
      hint: `Use ${kind}/ and lower-case letters, digits and dashes, such as ${kind}/mine.`,
    });
  registered.push(adapter);
}

/**
 * Checks an adapter of a caller without types.
 * @throws ConfigError "config.invalid"
 */
function requireAdapter(adapter: unknown): void {
  const { id, kind, packages, options, create } = isRecord(adapter) ? adapter : {};
  const isComplete =
    typeof id === "string" &&
    mediumKinds.some((known) => known === kind) &&
    Array.isArray(packages) &&
    isRecord(options) &&
    isRecord(options["shape"]) &&
    typeof create === "function";
  if (isComplete) return;
  throw new ConfigError(
    "config.invalid",
    "registerAdapter: an adapter needs an id, a kind, packages, options and a function create",
    { hint: "Make it with defineAdapter." },
  );
}

/** Returns the kind of medium that an adapter reads; undefined for an unknown adapter. */
export function kindOfAdapter(id: string): MediumKind | undefined {
  return mediumKinds.find((kind) => knownAdapters(kind).some((adapter) => adapter.id === id));
}

/** Returns the default adapter of a kind with its default options. */
export function defaultChoice(kind: MediumKind): AdapterChoice | undefined {
  const first = mediumOf(kind).adapters[0];
  return first && { adapter: first.id, options: {} };
}

/**
 * Loads an adapter.
 * @param kind kind of medium that it must read
 * @param choice adapter and options, such as those of a stored identity
 * @throws ConfigError for an unknown adapter or option
 * @throws MediaError "media.missing-package" if a package that it needs is not installed
 * @example
 * const choice = { adapter: "text/use-lite", options: {} };
 * const extractor = await createExtractor("text", choice, { readAsset: nodeAssets });
 */
export async function createExtractor<Kind extends MediumKind>(
  kind: Kind,
  choice: AdapterChoice,
  environment: AdapterEnvironment,
): Promise<FeatureExtractor<MediaByKind[Kind]>> {
  const adapter = findAdapter(kind, choice.adapter);
  const options = checkedOptions(adapter, choice.options);
  try {
    return await adapter.create(options, environment);
  } catch (cause) {
    throw await withAllMissing(cause, adapter, environment);
  }
}

/** Extends an error about one missing package to all missing packages of the adapter. */
async function withAllMissing(
  cause: unknown,
  { id, packages }: Pick<Adapter, "id" | "packages">,
  environment: AdapterEnvironment,
): Promise<unknown> {
  if (!(cause instanceof MediaError) || cause.code !== "media.missing-package") return cause;
  const missing = await missingPackages(packages, environment);
  if (missing.length < 2) return cause;
  return new MediaError(
    "media.missing-package",
    `${id} needs packages that are not installed: ${missing.join(", ")}`,
    { hint: `npm install ${missing.join(" ")}`, cause },
  );
}

/** Returns the packages that are not installed, or not served. */
export async function missingPackages(
  packages: readonly string[],
  { readAsset }: Pick<AdapterEnvironment, "readAsset">,
): Promise<string[]> {
  const found = await Promise.all(
    packages.map((name) =>
      readAsset(name, "package.json").then(
        () => true,
        () => false,
      ),
    ),
  );
  return packages.filter((_, i) => found[i] === false);
}

/**
 * Returns an adapter by its id.
 * @throws ConfigError "config.invalid" for an unknown adapter, or one of another kind
 */
export function findAdapter<Kind extends MediumKind>(kind: Kind, id: string): Adapter<Kind> {
  const known = knownAdapters(kind);
  const found = known.find((adapter) => adapter.id === id);
  if (found) return found;
  throw new ConfigError("config.invalid", `there is no ${kind} adapter "${id}"`, {
    hint: suggestion(
      id,
      known.map((adapter) => adapter.id),
    ),
  });
}

/**
 * Checks the options of an adapter.
 * @throws ConfigError with the option, the expected value and the given one
 */
function checkedOptions(
  adapter: Pick<Adapter, "id" | "options">,
  options: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return checkOptions(adapter.options, options, adapter.id, `Its options: ${describeOptions(adapter)}.`);
}

const optionField = z.object({
  type: z.string().optional(),
  default: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  description: z.string().optional(),
});
const optionFields = z.object({ properties: z.record(z.string(), optionField) });

function fieldsOf({ options }: Pick<Adapter, "options">): Record<string, z.infer<typeof optionField>> {
  return optionFields.parse(z.toJSONSchema(options, { io: "input" })).properties;
}

/** Describes the options of an adapter, e.g. "pooling (mean, cls; default mean)". */
export function describeOptions(adapter: Pick<Adapter, "options">): string {
  const fields = Object.entries(fieldsOf(adapter)).map(
    ([key, { type, enum: choices, default: fallback }]) => {
      const what = choices ? choices.map(String).join(", ") : (type ?? "any");
      return `${key} (${what}${fallback === undefined ? "" : `; default ${JSON.stringify(fallback)}`})`;
    },
  );
  return fields.length === 0 ? "none" : fields.join(", ");
}

/**
 * Parses an adapter on the command line, e.g. `text/onnx:folder=models/minilm,pooling=mean`. Values become
 * numbers and booleans if the schema says so. A comma inside a value is written as `\,`.
 * @throws ConfigError for an unknown adapter or option
 */
export function parseAdapterChoice(kind: MediumKind, text: string): AdapterChoice {
  const colon = text.indexOf(":");
  const id = colon < 0 ? text : text.slice(0, colon);
  const adapter = findAdapter(kind, id);
  const fields = fieldsOf(adapter);
  const parts =
    colon < 0
      ? []
      : text
          .slice(colon + 1)
          .split(/(?<!\\),/)
          .map((part) => part.replaceAll("\\,", ","));
  const options = parts.map((part): [string, unknown] => {
    const equals = part.indexOf("=");
    if (equals <= 0)
      throw new ConfigError("config.invalid", `${id}: "${part}" is not an option: key=value was expected`, {
        hint: `Its options: ${describeOptions(adapter)}.`,
      });
    const key = part.slice(0, equals);
    return [
      key,
      typedValue(part.slice(equals + 1), Object.hasOwn(fields, key) ? fields[key]?.type : undefined),
    ];
  });
  return { adapter: id, options: checkedOptions(adapter, Object.fromEntries(options)) };
}

function typedValue(text: string, type: string | undefined): unknown {
  if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
  if ((type === "number" || type === "integer") && text.trim() !== "") return Number(text);
  return text;
}
