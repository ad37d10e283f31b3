import { causeText } from "../core/cause-text.js";
import { CheckpointError } from "../core/errors.js";
import { checkHeader, LARGEST_TENSOR_FILE } from "./safetensors.js";

/** Number of bytes that show the kind of file and the start of a header. */
const START = 9;

/** Milliseconds without a byte after which a download fails. */
const PATIENCE = 60_000;

const HINT = "Give the address of the weights.safetensors of a finished run.";

/**
 * Downloads the weights of a finished run. Refuses a file of another kind after its first bytes.
 *
 * @param url http, https, blob or data
 * @param patience milliseconds without a byte after which the download fails
 * @throws CheckpointError "checkpoint.format" if the download fails, or is not a safetensors file
 */
export async function fetchWeights(url: URL, patience: number = PATIENCE): Promise<Uint8Array> {
  const place = url.protocol === "data:" ? "the data URL" : url.href;
  const stop = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      stop.abort(new Error(`nothing arrived for ${patience / 1000} seconds`));
    }, patience);
  };
  try {
    wait();
    const response = await fetch(url, { signal: stop.signal });
    if (!response.ok || !response.body)
      throw new CheckpointError("checkpoint.format", `${place}: the server answered ${response.status}`, {
        hint: HINT,
      });
    return await readAll(response.body.getReader(), place, wait);
  } catch (cause) {
    if (cause instanceof CheckpointError) throw cause;
    throw new CheckpointError("checkpoint.format", `${place} cannot be read: ${reasonOf(cause)}`, {
      hint: HINT,
      cause,
    });
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}

async function readAll(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  place: string,
  onBytes: () => void,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let isChecked = false;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    onBytes();
    chunks.push(value);
    size += value.length;
    if (!isChecked && size >= START) {
      checkHeader(joined(chunks, size), LARGEST_TENSOR_FILE, place);
      isChecked = true;
    }
    if (size > LARGEST_TENSOR_FILE)
      throw new CheckpointError(
        "checkpoint.format",
        `${place} is larger than ${LARGEST_TENSOR_FILE} bytes, the limit for a weight file`,
        { hint: HINT },
      );
  }
  return joined(chunks, size);
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** Returns the reason of a failed fetch, which is in its cause. */
function reasonOf(error: unknown): string {
  return causeText(error instanceof Error && error.cause !== undefined ? error.cause : error);
}
