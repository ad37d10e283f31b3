import { causeText } from "../../core/cause-text.js";
import { objectOf, perhaps, rules } from "../../core/checked-call.js";
import { ConfigError, DataError, EuarError } from "../../core/errors.js";
import { NameRegistry } from "../../core/name-registry.js";
import type { Dataset } from "../dataset.js";
import { datasetFromSamples, type SampleContent } from "./dataset-from-samples.js";
import type { LoadOptions } from "./load-options.js";

/** Facts about a source that are known before it is read. */
export interface FormatCandidate {
  /** The path that the user gave. */
  readonly path: string;
  readonly isFolder: boolean;
  /** First bytes of a file, at most 4096; empty for a folder. */
  readonly head: Uint8Array;
  /** Names in a folder; empty for a file. */
  readonly names: readonly string[];
}

/** A data format from outside this package. */
export interface DataFormat {
  /** Name in sources, as in "survey:answers.tsv": two or more lower-case letters, digits and dashes. */
  readonly name: string;
  /** One sentence without a full stop, for messages. */
  readonly summary: string;
  /**
   * Returns true for a file or folder of this format. Its path is then enough as the source. Default: never.
   */
  readonly recognises?: (candidate: FormatCandidate) => boolean;
  /**
   * Reads the samples of the three splits.
   * @param source the part after the colon in "survey:answers.tsv", or the recognised path
   */
  readonly read: (source: string) => SampleContent | Promise<SampleContent>;
}

/** Names that have another meaning before a colon. */
const TAKEN = ["synthetic", "http", "https", "file", "data", "blob"];

const registered = new NameRegistry<DataFormat>({
  what: "data format",
  isTaken: (name) => TAKEN.includes(name),
  minLength: 2,
});

const FORMAT = objectOf("a data format", {
  name: rules.text,
  read: rules.call,
  recognises: perhaps(rules.call),
});

/**
 * Registers a data format under its name. `loadDataset("name:source")` and `--data name:source` then read it.
 * Registering the same format again has no effect.
 * @throws ConfigError "config.conflict" for a name that is in use, "config.invalid" for an unusable name
 * @example
 * registerFormat({ name: "survey", summary: "answers of a survey", read: (source) => readSurvey(source) });
 */
export function registerFormat(format: DataFormat): void {
  FORMAT(format, "registerFormat, argument 1");
  registered.add(format);
}

/** Returns the format that a source such as "survey:answers.tsv" names, and the rest of the source. */
export function namedFormat(
  source: string,
): { readonly format: DataFormat; readonly rest: string } | undefined {
  const colon = source.indexOf(":");
  const format = colon < 0 ? undefined : registered.get(source.slice(0, colon));
  return format && { format, rest: source.slice(colon + 1) };
}

/** Returns true if a registered format recognises paths without its name. */
export function someRecognise(): boolean {
  return registered.all().some(({ recognises }) => recognises !== undefined);
}

/**
 * Returns the registered format that recognises a path.
 * @throws ConfigError "config.conflict" if several do
 */
export async function recognisedFormat(candidate: FormatCandidate): Promise<DataFormat | undefined> {
  const { path } = candidate;
  const found: DataFormat[] = [];
  for (const format of registered.all())
    if (await guarded(format.name, path, () => format.recognises?.(candidate) ?? false)) found.push(format);
  const [first, second] = found;
  if (first === undefined || second === undefined) return first;
  throw new ConfigError(
    "config.conflict",
    `${path} is recognised by two data formats, ${first.name} and ${second.name}`,
    { hint: `Name one of them: ${first.name}:${path}.` },
  );
}

/** Returns the names of the registered formats. */
export function formatNames(): string[] {
  return registered.names();
}

/**
 * Reads a source with a registered format.
 * @throws EuarError of the reader; DataError "data.format" for any other failure of the reader, and for
 * samples that are not a valid data set
 */
export async function readWithFormat(
  { name, read }: DataFormat,
  source: string,
  options: LoadOptions,
): Promise<Dataset> {
  return datasetFromSamples(await guarded(name, source, () => read(source)), options);
}

/** Runs the user's code. Everything that it throws becomes an error with a code. */
async function guarded<Result>(
  name: string,
  source: string,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof EuarError) throw cause;
    throw new DataError(
      "data.format",
      `${source}: the data format ${name} cannot read it: ${causeText(cause)}`,
      {
        hint: `Correct the source, or the reader that was registered as ${name}.`,
        cause,
      },
    );
  }
}
