import { ConfigError } from "../../core/errors.js";
import { suggestion } from "../../core/nearest.js";
import {
  type AdapterChoice,
  allMedia,
  kindOfAdapter,
  mediumKinds,
  namesOfKind,
  parseAdapterChoice,
} from "../registry.js";
import type { ReadableModality } from "../readable-modalities.js";
import { namedValue, requireName } from "./named-media.js";

/** Column of a table with media: texts, or paths of files. */
export interface MediaColumn extends ReadableModality {
  readonly column: string;
}

const EXAMPLE = "For example: rgb=image:rgb_path,depth=image:depth_path,voice=audio:wav.";

/**
 * Parses media columns of the form `NAME=KIND:COLUMN`: name of the modality, kind of medium, column.
 * @throws ConfigError "config.invalid" for a part with another form, or a name that occurs twice
 */
export function parseMediaColumns(parts: readonly string[]): readonly MediaColumn[] {
  const columns = parts.map(parseColumn);
  const twice = columns.find(({ name }, i) => columns.findIndex((each) => each.name === name) < i);
  if (twice !== undefined)
    throw new ConfigError("config.invalid", `--media: the modality ${twice.name} is named twice`, {
      hint: "Give each column another modality name.",
    });
  return columns;
}

function parseColumn(part: string): MediaColumn {
  const [, name = "", word = "", column = ""] = /^\s*([^=:]+)=([^=:]+):(.+?)\s*$/.exec(part) ?? [];
  if (column === "")
    throw new ConfigError("config.invalid", `--media: "${part}" is not NAME=KIND:COLUMN`, { hint: EXAMPLE });
  requireName(name, "--media");
  const kind = mediumKinds.find((each) => namesOfKind(each).includes(word));
  if (kind !== undefined) return { name, kind, column };
  throw new ConfigError("config.invalid", `--media: there is no kind of medium "${word}"`, {
    hint: suggestion(word, mediumKinds),
  });
}

/**
 * Parses adapters of single modalities, `NAME=ID:option=value,option=value`, separated by semicolons.
 * @throws ConfigError "config.invalid" for an unknown adapter or option, or a name that occurs twice
 */
export function parseNamedAdapters(text: string): Readonly<Record<string, AdapterChoice>> {
  const choices = new Map<string, AdapterChoice>();
  for (const part of text.split(";").filter((each) => each.trim() !== "")) {
    const [name, choice] = namedValue(part, "--adapters", choices);
    const [id = ""] = choice.split(":");
    const kind = kindOfAdapter(id);
    if (kind === undefined)
      throw new ConfigError("config.invalid", `--adapters: there is no adapter "${id}"`, {
        hint: suggestion(
          id,
          allMedia.flatMap(({ adapters }) => adapters.map((adapter) => adapter.id)),
        ),
      });
    choices.set(name, parseAdapterChoice(kind, choice));
  }
  return Object.fromEntries(choices);
}
