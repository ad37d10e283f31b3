/** Returns a value as a line of a .jsonl file. */
export function jsonLine(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}
