/** Returns the message of a caught error, its name if the message is empty, or another value as text. */
export function causeText(cause: unknown): string {
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}
