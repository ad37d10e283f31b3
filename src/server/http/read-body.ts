import { DataError, ServerError } from "../../core/errors.js";

/**
 * Reads the body of a request. Stops at the limit, whatever the header Content-Length says.
 * @param limit largest number of bytes
 * @returns bytes with a buffer of their own
 * @throws ServerError "server.too-large"
 */
export async function readBytes(request: Request, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const stated = Number(request.headers.get("content-length") ?? NaN);
  if (stated > limit) throw tooLarge(limit);
  if (Number.isFinite(stated)) return new Uint8Array(await request.arrayBuffer());
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
