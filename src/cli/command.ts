import { Command as CommanderCommand, CommanderError, Option } from "commander";
import { z } from "zod";
import { ConfigError } from "../core/errors.js";
import { nearest } from "../core/nearest.js";
import { layOver, type Options, optionsOf } from "../core/nested-options.js";
import { kebabCase } from "../core/kebab-case.js";
import { type Field, fieldsOf, jsonSchemaOf } from "../core/option-fields.js";
import { requireOutside } from "../data/files/output-place.js";
import { readConfigFile } from "./config-file.js";
import { type CommandContext, createContext } from "./context.js";
import type { Io } from "./io.js";
import { checkAgainst, parseFlag, placeholderOf } from "./schema-flags.js";

/**
 * Specification of a subcommand. Its schema defines the flags, their help, the keys of the config file, the
 * JSON Schema and the tables of docs/cli.md.
 */
export interface CommandSpec<Schema extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly description: string;
  readonly schema: Schema;
  /** Key of the argument without a flag, e.g. PATH of `inspect PATH`. */
  readonly positional?: {
    readonly key: string;
    readonly label: string;
    /** Second argument without a flag. */
    readonly second?: { readonly key: string; readonly label: string };
  };
  readonly examples: readonly string[];
  /** Returns the heading of a key in the help text. Keys without a heading come first, under "Options". */
  readonly groupOf?: (key: string) => string | undefined;
  /**
   * Decides which options the help shows, given the arguments that came with `--help`. Default: all of them.
   */
  readonly shownIn?: (argv: readonly string[]) => (key: string) => boolean;
  /**
   * Returns values that override the defaults and are overridden by the given ones (a preset). May refuse
   * combinations of given values.
   * @param given values of the config file and the flags
   */
  readonly underlay?: (given: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
  /** Earlier names of options. `read` converts a config file; `flagOf` returns the current flag of a name. */
  readonly former?: {
    readonly read: (values: Options) => Options;
    readonly flagOf: (key: string) => string | undefined;
  };
  readonly run: (options: z.infer<Schema>, context: CommandContext) => Promise<void>;
}

/** Command whose options have been type-checked against its schema. */
export interface Command {
  readonly spec: AnySpec;
  /**
   * Parses `argv` (the arguments after the command's name) and runs the command.
   * @throws EuarError
   */
  readonly execute: (argv: readonly string[], io: Io) => Promise<void>;
  /** Returns the options that `argv` resolves to: defaults < preset < config file < flags. */
  readonly resolve: (argv: readonly string[]) => Record<string, unknown>;
}

/** Flags that every command has. They are not part of its config. */
export const commonFlags = [
  {
    flags: "--config <file>",
    description: "JSON file with any of the options below, keys in camelCase; flags override it",
  },
  { flags: "--json", description: "print one JSON object on stdout, errors included" },
  {
    flags: "--quiet",
    description: "print no progress and no messages on stderr; warnings and errors are still printed",
  },
  { flags: "--debug", description: "print the stack trace of an error" },
  { flags: "--print-schema", description: "print the JSON Schema of this command's options and exit" },
] as const;

/** Thrown after the help text was printed. It is not a failure. */
export class HelpShown extends Error {}

const commonSchema = z.object({
  config: z.string().optional(),
  json: z.boolean().default(false),
  quiet: z.boolean().default(false),
  printSchema: z.boolean().default(false),
});

export function defineCommand<Schema extends z.ZodObject>(spec: CommandSpec<Schema>): Command {
  const settle = (given: Given): z.infer<Schema> => {
    const values = layOver(spec.underlay?.(given.values) ?? {}, given.values);
    requirePaths(values, `euar ${spec.name}`);
    return checkAgainst(spec.schema, values, `euar ${spec.name}`, spec.positional?.key);
  };
  return {
    spec,
    resolve: (argv) => settle(readArguments(spec, argv)),
    execute: async (argv, io) => {
      const given = readArguments(spec, argv, io);
      if (given.common.printSchema) {
        io.stdout.write(`${JSON.stringify(jsonSchemaOf(spec.schema), null, 2)}\n`);
        return;
      }
      const options = settle(given);
      requireOutputOutside(options);
      await spec.run(options, createContext(io, given.common));
    },
  };
}

/** Options that name a file or a folder. An empty text would silently mean the current folder. */
const PATHS = [
  "cache",
  "clip",
  "data",
  "encoder",
  "experiments",
  "features",
  "input",
  "out",
  "path",
  "protocol",
  "recipe",
  "run",
  "runs",
  "space",
  "speechModel",
  "store",
  "studio",
  "textEncoder",
  "transcript",
  "watch",
];

/** @throws ConfigError "config.invalid" for an empty path, or one with a zero byte */
function requirePaths(values: Readonly<Record<string, unknown>>, where: string): void {
  for (const key of PATHS) {
    const value = values[key];
    if (typeof value !== "string" || (value !== "" && !value.includes("\0"))) continue;
    throw new ConfigError(
      "config.invalid",
      `${where}: ${key} is ${JSON.stringify(value)}, which is not a path`,
      {
        hint: "Give the path of a file or a folder. The current folder is a dot (.).",
      },
    );
  }
}

/** Options that name inputs: data sets and folders of media. */
const SOURCES = ["data", "input"];

/**
 * Checks that the output is not inside an input.
 * @throws ConfigError "config.conflict"
 */
function requireOutputOutside(options: Readonly<Record<string, unknown>>): void {
  const { out } = options;
  if (typeof out !== "string") return;
  for (const key of SOURCES) {
    const source = options[key];
    if (typeof source === "string") requireOutside(out, source);
  }
}

interface Given {
  readonly common: z.infer<typeof commonSchema>;
  /** Values of the config file and the flags. */
  readonly values: Readonly<Record<string, unknown>>;
}

type AnySpec = Pick<
  CommandSpec,
  "name" | "description" | "schema" | "positional" | "examples" | "groupOf" | "shownIn" | "former"
>;

/** Returns the keys of the arguments without a flag, in order. */
function positionalsOf({
  positional,
}: Pick<CommandSpec, "positional">): readonly { readonly key: string; readonly label: string }[] {
  if (!positional) return [];
  return positional.second ? [positional, positional.second] : [positional];
}

function readArguments(spec: AnySpec, argv: readonly string[], io?: Io): Given {
  const fields = fieldsOf(spec.schema);
  const program = buildProgram(spec, fields, spec.shownIn?.(argv) ?? (() => true), io);
  parse(program, argv, spec.former);
  const options: Record<string, unknown> = { ...program.opts() };
  const common = commonSchema.parse(options);
  const flags = fields.flatMap(({ key, type, removable }): Options[] => {
    const value = options[key];
    if (value === undefined || (type === "part" && value !== false)) return [];
    return [optionsOf(key, removable && value === false ? null : value)];
  });
  const positional = Object.fromEntries(
    positionalsOf(spec).flatMap(({ key }, i) => {
      const value = program.args[i];
      return value === undefined ? [] : [[key, value]];
    }),
  );
  const file =
    common.config === undefined ? {} : readConfigFile(common.config, spec.schema, spec.former?.read);
  return { common, values: [...flags, positional].reduce(layOver, file) };
}

function buildProgram(
  spec: AnySpec,
  fields: readonly Field[],
  shown: (key: string) => boolean,
  io: Io | undefined,
): CommanderCommand {
  const program = new CommanderCommand(`euar ${spec.name}`)
    .description(spec.description)
    .exitOverride()
    .configureOutput({ writeOut: (text) => io?.stdout.write(text), writeErr: () => undefined });
  const positionals = positionalsOf(spec);
  for (const { key, label } of positionals)
    program.argument(`[${label}]`, fields.find((field) => field.key === key)?.description ?? "");
  for (const field of fields) {
    if (!positionals.some(({ key }) => key === field.key))
      addField(program, field, spec.groupOf?.(field.key), shown(field.key));
  }
  for (const { flags, description } of commonFlags)
    program.addOption(new Option(flags, description).helpGroup("Common options:"));
  program.addHelpText("after", `\nExamples:\n${spec.examples.map((example) => `  ${example}`).join("\n")}\n`);
  return program;
}

function addField(program: CommanderCommand, field: Field, group: string | undefined, shown: boolean): void {
  const { flag, alias, type } = field;
  const placeholder = placeholderOf(field);
  const names = [...(alias === undefined ? [] : [alias]), flag].map((name) => `--${name}`).join(", ");
  const negation = new Option(`--no-${flag}`);
  if (group !== undefined) negation.helpGroup(`${group}:`);
  if (type === "part") {
    negation.description = `train without: ${field.description}`;
    program.addOption(negation.hideHelp(!shown));
    return;
  }
  const option = new Option(`${names}${placeholder === "" ? "" : ` ${placeholder}`}`, describeField(field));
  if (group !== undefined) option.helpGroup(`${group}:`);
  option.hideHelp(!shown);
  if (placeholder !== "") {
    option.argParser((text: string, before: unknown) => {
      const value = parseFlag(field, text);
      return type === "list" && Array.isArray(before) && Array.isArray(value)
        ? [...(before as unknown[]), ...(value as unknown[])]
        : value;
    });
  }
  program.addOption(option);
  if (type === "boolean" || field.removable) program.addOption(negation.hideHelp());
}

/** Returns the help text of a flag: its description, choices and default. */
function describeField(field: Field): string {
  const extras = [
    field.choices ? `one of ${field.choices.join(", ")}` : "",
    field.required ? "required" : "",
    field.fallback === undefined || field.fallback === false
      ? ""
      : `default ${formatDefault(field.fallback)}`,
    noteOf(field),
  ].filter((extra) => extra !== "");
  return extras.length === 0 ? field.description : `${field.description} (${extras.join("; ")})`;
}

/** Returns the note of an option that requires another option's value; empty if it requires none. */
export function noteOf({ needs }: Field): string {
  return needs === undefined ? "" : `needs --${kebabCase(needs.key)} ${needs.values.join(" or ")}`;
}

/** Formats a default as a user would type it. */
export function formatDefault(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(String).join(",");
  return typeof value === "string" ? value : JSON.stringify(value);
}

function parse(program: CommanderCommand, argv: readonly string[], former: AnySpec["former"]): void {
  try {
    program.parse([...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === "commander.helpDisplayed" || error.code === "commander.help") throw new HelpShown();
    const [first = ""] = error.message.replace(/^error: /, "").split("\n");
    const isUnknown = error.code === "commander.unknownOption";
    throw new ConfigError(
      isUnknown ? "config.unknown-key" : "config.invalid",
      `${program.name()}: ${first}`,
      {
        hint: (isUnknown ? flagHint(program, first, former) : undefined) ?? `See ${program.name()} --help.`,
        cause: error,
      },
    );
  }
}

/**
 * Returns a hint with the flag that was probably meant: the present name of an option, or the nearest name.
 */
function flagHint(program: CommanderCommand, message: string, former: AnySpec["former"]): string | undefined {
  const [, negation = "", flag = ""] = /'--(no-)?([^'=]+)/.exec(message) ?? [];
  const now = former?.flagOf(flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()));
  if (now !== undefined) return `Its name is now --${negation}${now}.`;
  const names = program.options.flatMap(({ short, long }) => [short, long]);
  const near = nearest(
    `${negation}${flag}`,
    names.flatMap((name) => (name?.startsWith("--") === true ? [name.slice(2)] : [])),
  );
  return near === undefined ? undefined : `Did you mean --${near}?`;
}
