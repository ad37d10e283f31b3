/** What a caught value says: the message of an error, its name where it has none, else the value as text. */
export function causeText(cause: unknown): string {
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}
