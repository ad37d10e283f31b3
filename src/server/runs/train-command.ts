import { isRecord } from "../../core/is-record.js";
import { kebabCase } from "../../core/kebab-case.js";

/** Parts of the command line of a training. */
export interface TrainingCommand {
  /** Path of the data set. */
  readonly data: string;
  /** Run folder. */
  readonly out: string;
  /** Options of `euar train` as in a config file. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Returns the command line that trains with these options. */
export function trainCommand({ data, out, options }: TrainingCommand): string {
  return ["euar train", `--data ${quoted(data)}`, `--out ${quoted(out)}`, ...flagsOf(options, "")].join(" ");
}

/** Returns the flags of options. Flags of a part begin with the name of the part. */
function flagsOf(options: Readonly<Record<string, unknown>>, part: string): readonly string[] {
  return Object.entries(options).flatMap(([key, value]) => {
    const flag = kebabCase(`${part}${key}`);
    if (isRecord(value)) return flagsOf(value, `${part}${key}.`);
    if (value === null || value === false) return [`--no-${flag}`];
    if (value === true) return [`--${flag}`];
    const text = Array.isArray(value) ? value.map(textOf).join(",") : textOf(value);
    return [`--${flag}${text.startsWith("-") ? "=" : " "}${quoted(text)}`];
  });
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function quoted(text: string): string {
  return /^[\w./:=,+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
