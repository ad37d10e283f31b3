import { type Field, fieldsOf } from "../core/option-fields.js";
import { commonFlags, formatDefault, noteOf } from "./command.js";
import { commandNames, commands } from "./registry.js";
import { euarLossList } from "../models/losses/loss-list.js";
import type { LossDefinition } from "../models/losses/loss.js";

/**
 * Writes the reference part of docs/cli.md: each command's description, options and examples, from the
 * schemas that parse them.
 */
export async function commandReference(): Promise<string> {
  const parts = await Promise.all(commandNames.map(commandSection));
  return [...parts, commonSection(), lossSection()].join("\n\n");
}

async function commandSection(name: (typeof commandNames)[number]): Promise<string> {
  const { spec } = await commands[name].load();
  const fields = fieldsOf(spec.schema);
  const groups = new Map<string, Field[]>();
  for (const field of fields) {
    if (field.key === spec.positional?.key) continue;
    const group = spec.groupOf?.(field.key) ?? "Options";
    groups.set(group, [...(groups.get(group) ?? []), field]);
  }
  const usage = `euar ${name}${spec.positional ? ` [${spec.positional.label}]` : ""} [options]`;
  const tables = [...groups].map(([group, members]) => `**${group}**\n\n${optionTable(members)}`);
  return [
    `## ${name}`,
    spec.description,
    fence(usage),
    ...tables,
    "Examples:",
    fence(spec.examples.join("\n")),
  ].join("\n\n");
}

function optionTable(fields: readonly Field[]): string {
  const rows = fields.map((field) => {
    const fallback = field.required
      ? "required"
      : field.fallback === undefined
        ? ""
        : `\`${formatDefault(field.fallback)}\``;
    const flags = [
      ...(field.alias === undefined ? [] : [field.alias]),
      ...(field.type === "part" ? [] : [field.flag]),
      ...(field.removable ? [`no-${field.flag}`] : []),
    ].map((flag) => `\`--${flag}\``);
    const meaning = [field.description, noteOf(field)].filter((text) => text !== "").join("; ");
    return row([flags.join(", "), `\`${field.key}\``, typeText(field), fallback, meaning]);
  });
  return [
    row(["flag", "config key", "type", "default", "meaning"]),
    row(["---", "---", "---", "---", "---"]),
    ...rows,
  ].join("\n");
}

function typeText(field: Field): string {
  if (field.choices) {
    const choices = field.choices.map((choice) => `\`${choice}\``).join(", ");
    return field.type === "list" ? `list of ${choices}` : choices;
  }
  return field.type === "list" ? `list of ${field.itemType ?? "string"}` : field.type;
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replace(/\|/g, "\\|")).join(" | ")} |`;
}

function fence(text: string): string {
  return `\`\`\`\n${text}\n\`\`\``;
}

function commonSection(): string {
  const rows = commonFlags.map(({ flags, description }) => row([`\`${flags}\``, description]));
  return ["## Every command", [row(["flag", "meaning"]), row(["---", "---"]), ...rows].join("\n")].join(
    "\n\n",
  );
}

/** Returns the table of EUAR's losses, with their config keys and their names in the history. */
function lossSection(): string {
  const rows = Object.entries(euarLossList).flatMap(([path, group]) =>
    Object.entries<LossDefinition>(group).map(([name, { part, perModality, meaning }]) =>
      row([`\`${part}${perModality ? "/<modality>" : ""}\``, `\`${path}.${name}\``, meaning]),
    ),
  );
  return [
    "## Losses of EUAR",
    "`history.jsonl` has the mean of each loss that is switched on. The total is their weighted sum.",
    [row(["name", "config key", "loss"]), row(["---", "---", "---"]), ...rows].join("\n"),
  ].join("\n\n");
}
