/** Formats untrusted text for Markdown: on one line, with all markup escaped. */
export function plain(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/[\\`*_{}[\]<>#|~]/g, "\\$&")
    .trim();
}

/**
 * Formats a table.
 * @param rows cells in Markdown
 */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(headings), line(headings.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Formats inline code. Backticks become quotes and pipes become slashes, because both would end it. */
export function code(text: string): string {
  return `\`${text.replace(/\s+/g, " ").replace(/`/g, "'").replace(/\|/g, "/")}\``;
}
