import { z } from "zod";
import { checkOptions } from "../core/check-options.js";
import { ConfigError, MediaError } from "../core/errors.js";
import { isRecord } from "../core/is-record.js";
import { suggestion } from "../core/nearest.js";
import { mediumKinds } from "../data/medium-names.js";
import type { Adapter, AdapterEnvironment, MediaByKind, MediumKind } from "./adapter.js";
import { audioMedium } from "./audio/audio-medium.js";
import type { FeatureExtractor } from "./feature-extractor.js";
import { imageMedium } from "./image/image-medium.js";
import type { Medium } from "./medium.js";
import { textMedium } from "./text/text-medium.js";
import { videoMedium } from "./video/video-medium.js";

/** Which adapter, with which options; those not given take their defaults. */
export interface AdapterChoice {
  readonly adapter: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/**
 * Everything about each kind of medium, in the order in which data sets have their modalities. A new kind is a
 * folder with its descriptor and a line here; a new adapter is a file and a line in its descriptor's list.
 * Nothing is loaded before it is used.
 */
export const media = {
  text: textMedium,
  audio: audioMedium,
  video: videoMedium,
  image: imageMedium,
} as const satisfies { readonly [Kind in MediumKind]: Medium<Kind> };

/** The descriptor of a kind. */
export function mediumOf<Kind extends MediumKind>(kind: Kind): Medium<Kind> {
  const byKind: { readonly [Each in MediumKind]: Medium<Each> } = media;
  return byKind[kind];
}

/** Every descriptor. */
export const allMedia: readonly Medium[] = mediumKinds.map((kind): Medium => mediumOf(kind));

/** Code of something that the adapters' measures of quality, or the decoders, may find. */
export type ProblemCode = (typeof media)[MediumKind]["problems"][number];

/** All codes of problems that the built-in adapters and decoders can report. */
export const problemCodes: readonly ProblemCode[] = mediumKinds.flatMap((kind) => media[kind].problems);

const registered: { readonly [Kind in MediumKind]: Adapter<Kind>[] } = {
  text: [],
  audio: [],
  video: [],
  image: [],
};

/** Every adapter of a kind: those of this package, of which the first is the default, then the registered ones. */
export function knownAdapters<Kind extends MediumKind>(kind: Kind): readonly Adapter<Kind>[] {
  return [...mediumOf(kind).adapters, ...registered[kind]];
}

/**
 * Makes an adapter known by its id, in `createExtractor`, `euar extract` and for the runs that were trained on
 * its features. Registering the same adapter again has no effect.
 * @throws ConfigError "config.conflict" for an id that is taken, "config.invalid" for one that cannot be used
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
  registered[kind].push(adapter);
}

/** For callers without types. @throws ConfigError "config.invalid" */
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

/** The kind of medium that an adapter reads; undefined for an adapter that is not there. */
export function kindOfAdapter(id: string): MediumKind | undefined {
  return mediumKinds.find((kind) => knownAdapters(kind).some((adapter) => adapter.id === id));
}

/** The choice of a kind's default adapter with its default options. */
export function defaultChoice(kind: MediumKind): AdapterChoice | undefined {
  const first = mediumOf(kind).adapters[0];
  return first && { adapter: first.id, options: {} };
}

/**
 * Loads an adapter.
 * @param kind the medium that it must read
 * @param choice e.g. a stored identity's `{ adapter, options }`: both are what this takes
 * @throws ConfigError for an unknown adapter or option, MediaError "media.missing-package" where a package
 * that it needs is not installed
 * @example
 * const extractor = await createExtractor("text", { adapter: "text/use-lite", options: {} }, { readAsset:
 * nodeAssets });
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

/** An error about one missing package, with all that the adapter lacks in it. */
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

/** Which of some packages are not installed, or not served. */
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

/** @throws ConfigError "config.invalid" for an adapter that is not there or reads something else */
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

/** @throws ConfigError naming the option, what was expected and what came */
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

/** The options of an adapter in words, e.g. "pooling (mean, cls; default mean)". */
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
 * An adapter as one types it: `text/onnx:folder=models/minilm,pooling=mean`. Values become numbers and
 * booleans where the adapter's schema says so; a comma inside a value is written as `\,`.
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
