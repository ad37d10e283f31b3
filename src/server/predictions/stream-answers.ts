import { Readable } from "node:stream";
import { DataError } from "../../core/errors.js";
import { readLines } from "../../data/files/read-lines.js";
import { plainError } from "../../features/worker-thread.js";
import type { Services } from "../services.js";
import { scoreSamples } from "./score-samples.js";
import { answerText, type FinalAnswer, type Scoring } from "./scoring.js";

const encoder = new TextEncoder();
/** Largest number of waiting and running lines of one stream. */
const AHEAD = 64;

/**
 * Streams one JSON line for each JSON line of the request, in order and as soon as it is scored. Reads only a
 * few lines ahead of those that the client has received. The output for a bad line is its error. If a queue
 * is full, the stream waits instead of failing.
 */
export function streamAnswers(request: Request, scoring: Scoring, services: Services): Response {
  const lines = answerLines(request, { ...scoring, waits: true }, services);
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const next = await lines.next();
      if (next.done === true) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
    cancel: async () => {
      await lines.return(undefined);
    },
  });
  return new Response(body, {
    headers: { "content-type": "application/x-ndjson", "cache-control": "no-store" },
  });
}

async function* answerLines(
  { body }: Request,
  scoring: Scoring,
  { limits, isDraining }: Services,
): AsyncGenerator<string, undefined, undefined> {
  if (!body) return;
  const stream = Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]);
  const pending: Promise<string>[] = [];
  for await (const line of readLines(stream, "body", limits.jsonBytes)) {
    if ("text" in line && line.text.trim() === "") continue;
    pending.push(
      "error" in line
        ? Promise.resolve(failed(line.error))
        : answer(encoder.encode(line.text), line.number, scoring),
    );
    if (isDraining()) break;
    if (pending.length >= AHEAD) yield (await pending.shift()) ?? "";
  }
  for (const next of pending) yield await next;
}

async function answer(body: Uint8Array<ArrayBuffer>, number: number, scoring: Scoring): Promise<string> {
  try {
    const { many, samples } = await scoreSamples({ form: "json", body }, scoring);
    const [only] = samples;
    if (many || !only)
      return failed(
        new DataError("data.format", `body, line ${number}: a line must have one sample`, {
          hint: 'For example {"id": 1, "features": {"text": [0.1, -0.2]}}.',
        }),
      );
    return `${answerText(only, scoring.model.name)}\n`;
  } catch (error) {
    return failed(error);
  }
}

function failed(thrown: unknown): string {
  const answer: FinalAnswer = { kind: "error", id: undefined, error: plainError(thrown) };
  return `${answerText(answer, "")}\n`;
}
