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
      ? readIncoming(incoming, stated)
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
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

/** Reads a body whose length the header states: Node's parser ends it there. */
function readIncoming(incoming: IncomingMessage, length: number): Promise<Uint8Array<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    let bytes: Uint8Array<ArrayBuffer> | undefined;
    let at = 0;
    let isComplete = false;
    const onData = (chunk: Buffer<ArrayBuffer>): void => {
      if (chunk.length === length)
        bytes = chunk; // a small body comes in one piece
      else (bytes ??= new Uint8Array(length)).set(chunk, at);
      at += chunk.length;
    };
    const onEnd = (): void => {
      isComplete = true;
      resolve(bytes ?? new Uint8Array(0));
    };
    const onClose = (): void => {
      // every request is closed at last, and making an error takes time
      if (!isComplete) reject(new ServerError("server.timeout", "the client disconnected"));
    };
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
