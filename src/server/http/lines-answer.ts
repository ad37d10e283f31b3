/** Part of an export. */
export interface Page<Line, Place> {
  readonly lines: readonly Line[];
  /** Start of the next page. Undefined on the last page. */
  readonly next: Place | undefined;
}

/** Returns a response of JSON lines. Reads the next page when the client has received the previous one. */
export function linesAnswer<Place>(
  read: (from: Place | undefined) => Promise<Page<unknown, Place>>,
): Response {
  const encoder = new TextEncoder();
  let from: Place | undefined;
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const { lines, next } = await read(from);
      if (lines.length > 0)
        controller.enqueue(encoder.encode(lines.map((line) => `${JSON.stringify(line)}\n`).join("")));
      if (next === undefined) controller.close();
      else from = next;
    },
  });
  return new Response(body, {
    headers: { "content-type": "application/x-ndjson", "cache-control": "no-store" },
  });
}
