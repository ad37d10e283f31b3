import type { IncomingMessage } from "node:http";
import { DataError, ServerError } from "../../core/errors.js";

/**
 * Reads the body of a request. Stops at the limit, whatever the header Content-Length says.
 * @param limit largest number of bytes
 * @param incoming the request as Node has it, if it came from a socket. To read it takes less time.
 * @throws ServerError "server.too-large"; "server.timeout" if the client disconnects
 */
export async function readBytes(
  request: Request,
  limit: number,
  incoming?: IncomingMessage,
): Promise<Uint8Array<ArrayBuffer>> {
  const stated = Number(request.headers.get("content-length") ?? NaN);
  if (stated > limit) throw tooLarge(limit);
  if (Number.isFinite(stated))
    return incoming?.readableDidRead === false
      ? readIncoming(incoming)
      : new Uint8Array(await request.arrayBuffer());
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = request.body?.getReader();
  for (let next = await reader?.read(); next?.value; next = await reader?.read()) {
    length += next.value.byteLength;
    if (length > limit) {
      await reader?.cancel();
      throw tooLarge(limit);
    }
    chunks.push(next.value);
  }
  return joined(chunks, length);
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

/**
 * Reads a body whose length the header states: Node's parser ends it there. Takes memory for what has
 * arrived, not for what the header states.
 */
function readIncoming(incoming: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer<ArrayBuffer>[] = [];
    let length = 0;
    let isComplete = false;
    const onData = (chunk: Buffer<ArrayBuffer>): void => {
      chunks.push(chunk);
      length += chunk.length;
    };
    const onEnd = (): void => {
      isComplete = true;
      try {
        const [first] = chunks;
        resolve(first && chunks.length === 1 ? first : joined(chunks, length)); // a small body is one piece
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error))); // no memory for so many bytes
      }
    };
    const onClose = (): void => {
      // every request is closed at last, and making an error takes time
      if (!isComplete) reject(new ServerError("server.timeout", "the client disconnected"));
    };
    if (incoming.destroyed) {
      onClose(); // it was closed before, and does not say so again
      return;
    }
    incoming.on("data", onData).once("end", onEnd).once("close", onClose).once("error", onClose);
  });
}

/**
 * Reads the body of a request as UTF-8.
 * @param limit largest number of bytes
 * @throws ServerError "server.too-large"
 * @throws DataError "data.format" for bytes that are not UTF-8
 */
export async function readText(request: Request, limit: number): Promise<string> {
  return decodeUtf8(await readBytes(request, limit));
}

const UTF8 = new TextDecoder("utf-8", { fatal: true });

/** @throws DataError "data.format" for bytes that are not UTF-8 */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch (cause) {
    throw new DataError("data.format", "the body is not UTF-8", { hint: "Encode it as UTF-8.", cause });
  }
}

function tooLarge(limit: number): ServerError {
  return new ServerError("server.too-large", `the body has more than ${limit} bytes`, {
    hint: "Send fewer samples at once, or start the server with a larger limit.",
  });
}
